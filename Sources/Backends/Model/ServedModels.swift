// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The models that a backend serves by a configuration, started or not.
package struct ServedModels: Sendable {
    /// Why a model cannot be had from a backend.
    package enum Refusal: Error, Hashable, Sendable {
        /// The configuration does not name it.
        case notServed
        /// It is served, and nothing says where.
        case addressMissing
        /// The ID makes the address invalid; the text says how, as the end of a sentence.
        case idUnfit(String)

        func error(_ model: String, _ backend: String) -> BackendError {
            switch self {
            case .notServed: .modelNotServed(model, backend)
            case .addressMissing: .addressMissing(model, backend)
            case .idUnfit(let problem): .modelNotServed(model, backend, "with this ID, its hostname \(problem)")
            }
        }
    }

    /// Requests whose context names the place of their model.
    package struct Routed: Sendable {
        /// The header that names it.
        let header: String
        /// Whether the backend follows such a header for a model.
        let takes: @Sendable (String) -> Bool

        package init(header: String, takes: @escaping @Sendable (String) -> Bool) {
            self.header = header
            self.takes = takes
        }

        func contains<Context: RuntimeContext & ~Copyable & ~Escapable>(_ context: borrowing Context) -> Bool {
            guard context.firstValue(of: header) != nil || context.firstBinaryValue(of: header) != nil else {
                return false
            }
            return takes(context.modelID())
        }
    }

    /// The IDs of the models, with `*` for any text and `?` for any character.
    package let names: [String]
    /// Patterns that match every ID for which the refusal is not ``Refusal/notServed``: the names, and the IDs of models that it declines.
    package let patterns: [String]
    /// Whether they are left to the caller's own process.
    package let isInProcess: Bool
    /// Requests that it sends wherever their context says; nil if it follows no context.
    package let routed: Routed?
    /// Why it declines a model; nil if it serves it.
    package let refusal: @Sendable (String) -> Refusal?

    package init(
        _ names: [String], patterns: [String]? = nil, isInProcess: Bool = false, routed: Routed? = nil,
        refusal: @escaping @Sendable (String) -> Refusal?
    ) {
        self.names = names
        self.patterns = patterns ?? names
        self.isInProcess = isInProcess
        self.routed = routed
        self.refusal = refusal
    }

    /// Any model.
    package static let any = ServedModels(["*"]) { _ in nil }

    /// Of a configuration that serves nothing.
    package static let none = ServedModels([]) { _ in .notServed }

    package func contains(_ model: String) -> Bool { refusal(model) == nil }
}
