// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension BackendError {
    static func backendNotFound(_ name: String) -> BackendError {
        BackendError(
            .notFound, .backendNotFound,
            "no backend \(BackendName.quoted(name)); list the backends to see which there are",
            metadata: ["backend": name])
    }

    static func notLoadable(_ model: String) -> BackendError {
        BackendError(
            .failedPrecondition, .modelNotLoadable,
            "model \(BackendName.quoted(model)) needs no loading here; resolve it", metadata: ["model": model])
    }

    static let callerCancelled = BackendError(
        .cancelled, .callerCancelled, "the caller gave up waiting; what had begun goes on")

    static let shuttingDown = BackendError(
        .unavailable, .shuttingDown, "the daemon is stopping; connect again once it is back")
}
