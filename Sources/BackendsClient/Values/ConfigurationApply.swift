// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// When a registered patch takes effect.
public enum ConfigurationApply: Hashable, Sendable {
    /// At once; refused with `BACKEND_STARTED` while the backend is starting, started or stopping.
    case now
    /// At once where that is possible, else with the next start.
    case nextStart
}
