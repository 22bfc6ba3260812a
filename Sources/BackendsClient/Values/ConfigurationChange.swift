// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What became of a registered patch.
public struct ConfigurationChange: Hashable, Sendable {
    /// The backend after it.
    public let backend: BackendDescription
    /// False when the patch changed nothing.
    public let changed: Bool
    /// True when the patch waits for the next start.
    public let staged: Bool
}
