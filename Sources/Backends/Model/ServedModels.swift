// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The models that a backend serves by a configuration, started or not.
package struct ServedModels: Sendable {
    /// Their ids, with `*` for any text and `?` for any character.
    package let names: [String]
    /// Whether they are left to the caller's own process.
    package let isInProcess: Bool
    /// Why it declines a model; nil where it serves it.
    package let refusal: @Sendable (String) -> BackendError?

    package init(
        _ names: [String], isInProcess: Bool = false, refusal: @escaping @Sendable (String) -> BackendError?
    ) {
        self.names = names
        self.isInProcess = isInProcess
        self.refusal = refusal
    }

    /// Any model.
    package static let any = ServedModels(["*"]) { _ in nil }

    /// Of a backend whose configuration serves nothing.
    static func none(_ backend: String) -> ServedModels {
        ServedModels([]) { .modelNotServed($0, backend) }
    }

    package func contains(_ model: String) -> Bool { refusal(model) == nil }
}
