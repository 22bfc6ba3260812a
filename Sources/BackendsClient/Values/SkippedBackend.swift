// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A backend that was passed over.
public struct SkippedBackend: Hashable, Sendable {
    /// Its name.
    public let backend: String
    /// A stable UPPER_SNAKE word: `BACKEND_NOT_STARTED`, `MODEL_NOT_SERVED` and so on.
    public let reason: String
    /// Why, for people.
    public let message: String
}
