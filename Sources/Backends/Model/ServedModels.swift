// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The models that a backend serves by a configuration, started or not.
package struct ServedModels: Sendable {
    /// Why a model cannot be had from a backend.
    package enum Refusal: Hashable, Sendable {
        /// The configuration does not name it.
        case notServed
        /// It is served, and nothing says where.
        case addressMissing

        func error(_ model: String, _ backend: String) -> BackendError {
            switch self {
            case .notServed: .modelNotServed(model, backend)
            case .addressMissing: .addressMissing(model, backend)
            }
        }
    }

    /// Their ids, with `*` for any text and `?` for any character.
    package let names: [String]
    /// Whether they are left to the caller's own process.
    package let isInProcess: Bool
    /// Why it declines a model; nil where it serves it.
    package let refusal: @Sendable (String) -> Refusal?

    package init(_ names: [String], isInProcess: Bool = false, refusal: @escaping @Sendable (String) -> Refusal?) {
        self.names = names
        self.isInProcess = isInProcess
        self.refusal = refusal
    }

    /// Any model.
    package static let any = ServedModels(["*"]) { _ in nil }

    /// Of a configuration that serves nothing.
    package static let none = ServedModels([]) { _ in .notServed }

    package func contains(_ model: String) -> Bool { refusal(model) == nil }
}
