// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension BackendError {
    static func backendNotFound(_ name: String) -> BackendError {
        BackendError(
            .notFound, .backendNotFound,
            "no backend \(BackendName.quoted(name)); list the backends to see which there are",
            metadata: ["backend": name])
    }

    /// What a backend declines a model with that its configuration does not name.
    package static func modelNotServed(_ model: String, _ backend: String) -> BackendError {
        aboutModel(.notFound, .modelNotServed, model, backend, "is not served by backend \(backend)")
    }

    static func modelNotFound(_ model: String) -> BackendError {
        BackendError(
            .notFound, .modelNotFound, "no started backend has model \(BackendName.quoted(model)); resolve it first",
            metadata: ["model": model])
    }

    static func modelNotLoaded(_ model: String, _ backend: String) -> BackendError {
        aboutModel(
            .failedPrecondition, .modelNotLoaded, model, backend,
            "is not loaded in backend \(backend); load it, or resolve it with auto_start")
    }

    /// A backend has an endpoint that does not say where the model is.
    static func addressMissing(_ model: String, _ backend: String) -> BackendError {
        aboutModel(
            .failedPrecondition, .addressMissing, model, backend,
            "cannot be reached: backend \(backend) has no address for it; use ${PORT} or ${SOCKET} in command, or set"
                + " address")
    }

    /// `condition` says what it is instead.
    static func modelNotReady(_ model: String, _ backend: String, _ condition: String?) -> BackendError {
        let words = condition.map { " (\($0))" } ?? ""
        return aboutModel(
            .unavailable, .modelNotReady, model, backend,
            "is not ready in backend \(backend)\(words); wait for it, or try again", retryAfter: .seconds(1))
    }

    static func modelNotReady(
        _ model: String, within wait: Duration, _ condition: String?, _ kind: Kind = .unavailable
    ) -> BackendError {
        let words = condition.map { " (\($0))" } ?? ""
        return BackendError(
            kind, .modelNotReady,
            "model \(BackendName.quoted(model)) was not ready, or had no free place, within \(wait)\(words); wait longer",
            metadata: ["model": model], retryAfter: .seconds(1))
    }

    static func modelBusy(_ model: String, _ backend: String) -> BackendError {
        aboutModel(
            .aborted, .modelBusy, model, backend,
            "is still in use in backend \(backend); wait longer, or unload it with force", retryAfter: .seconds(1))
    }

    private static func aboutModel(
        _ kind: Kind, _ reason: Reason, _ model: String, _ backend: String, _ message: String,
        retryAfter: Duration? = nil
    ) -> BackendError {
        BackendError(
            kind, reason, "model \(BackendName.quoted(model)) \(message)",
            metadata: ["backend": backend, "model": model],
            retryAfter: retryAfter)
    }

    static func notLoadable(_ model: String) -> BackendError {
        BackendError(
            .failedPrecondition, .modelNotLoadable,
            "model \(BackendName.quoted(model)) needs no loading here; resolve it", metadata: ["model": model])
    }

    static func backendNotStarted(_ name: String) -> BackendError {
        BackendError(
            .failedPrecondition, .backendNotStarted, "backend \(name) is not started; start it first",
            metadata: ["backend": name])
    }

    static let callerCancelled = BackendError(
        .cancelled, .callerCancelled, "the caller gave up waiting; what had begun goes on")

    static let shuttingDown = BackendError(
        .unavailable, .shuttingDown, "the daemon is stopping; connect again once it is back")
}
