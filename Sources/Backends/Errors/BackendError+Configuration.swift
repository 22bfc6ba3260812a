// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

extension BackendError {
    /// What is wrong with a configuration that its schema allows.
    static func configInvalid(_ problems: [ConfigViolation]) -> BackendError {
        let violations = problems.map { FieldViolation(path: "config.\($0.path)", description: $0.message) }
        let first = violations.first.map { "\($0.path) \($0.description)" } ?? ""
        return BackendError(
            .invalidArgument, .configInvalid, "the configuration is not valid: \(first)", violations: violations)
    }

    /// A file that a configuration names.
    static func fileUnusable(_ key: String, _ path: String, _ backend: String, _ why: String) -> BackendError {
        BackendError(
            .failedPrecondition, .fileUnusable, "cannot start backend \(backend): \(key) cannot be used: \(why)",
            metadata: ["backend": backend, "key": key, "path": path])
    }
}
