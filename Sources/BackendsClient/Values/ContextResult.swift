// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What one backend did with a runtime context.
public struct ContextResult: Hashable, Sendable {
    /// How it ended.
    public enum Outcome: Hashable, Sendable {
        /// The backend took something from the context.
        case handled
        /// The context had nothing for the backend.
        case ignored
        /// The backend failed; the others were asked all the same.
        case failed(BackendClientError)
        /// An outcome that this version of the library does not know, with its number on the wire.
        case other(Int32)
    }

    /// The backend's name.
    public let backend: String
    /// How it ended.
    public let outcome: Outcome
}
