// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendError {
    /// The daemon has as many descriptors open as it may; `what` says what failed for want of one.
    static func noDescriptor(
        _ what: String, _ error: SystemError, metadata: [String: String] = [:]
    ) -> BackendError {
        BackendError(
            .resourceExhausted, .noDescriptor,
            "\(what): \(error); close connections, or raise the daemon's limit of open files", metadata: metadata,
            retryAfter: .seconds(1))
    }

    /// The thread or the descriptors that the supervision of instances takes cannot be had.
    static func cannotSupervise(_ instance: String, _ error: SystemError) -> BackendError {
        let (what, metadata) = ("cannot start instance \(instance)", ["instance": instance])
        if error.isOutOfDescriptors { return .noDescriptor(what, error, metadata: metadata) }
        return BackendError(.internal, .spawnFailed, "\(what): \(error)", metadata: metadata)
    }

    /// The daemon's directory for what instances have cannot be used; `key` sets where it is.
    static func directoryUnusable(
        _ instance: String, _ what: String, _ error: SystemError, key: String
    ) -> BackendError {
        let metadata = ["instance": instance]
        if error.isOutOfDescriptors { return .noDescriptor("instance \(instance) \(what)", error, metadata: metadata) }
        return BackendError(
            .failedPrecondition, .fileUnusable, "instance \(instance) \(what): \(error); \(key) sets the place",
            metadata: metadata)
    }

    static func backendNotFound(_ name: String) -> BackendError {
        BackendError(
            .notFound, .backendNotFound,
            "no backend is called \(BackendName.quoted(name))",
            metadata: ["backend": name])
    }

    /// What a backend declines a model with that its configuration does not name.
    package static func modelNotServed(
        _ model: String, _ backend: String, _ why: String? = nil
    ) -> BackendError {
        let words = why.map { ": \($0)" } ?? ""
        return aboutModel(.notFound, .modelNotServed, model, backend, "is not served by backend \(backend)\(words)")
    }

    /// What a backend is passed over with that leaves a model to the caller's own process, where others serve it too.
    static func modelInProcess(_ model: String, _ backend: String) -> BackendError {
        aboutModel(
            .failedPrecondition, .modelInProcess, model, backend,
            "is left to the caller's own process by backend \(backend), which is asked last; allow_in_process asks it in its turn"
        )
    }

    /// None of `count` backends that were asked serves the model; one of them for a reason that is worth telling.
    static func modelNotFound(
        _ model: String, asked backends: [String], of count: Int? = nil, because reason: String? = nil
    ) -> BackendError {
        BackendError(
            .notFound, .modelNotFound,
            "no backend serves model \(BackendName.quoted(model)); "
                + (backends.isEmpty
                    ? "no backend is configured" : "asked: \(backends.listed(of: count ?? backends.count))")
                + (reason.map { "; \($0)" } ?? ""),
            metadata: ["model": model])
    }

    static func modelNotFound(_ model: String) -> BackendError {
        BackendError(
            .notFound, .modelNotFound, "no started backend has model \(BackendName.quoted(model)); resolve it first",
            metadata: ["model": model])
    }

    static func modelNotLoaded(_ model: String, _ backend: String) -> BackendError {
        aboutModel(
            .failedPrecondition, .modelNotLoaded, model, backend,
            "must be loaded in backend \(backend) first")
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
            "model \(BackendName.quoted(model)) was not ready, or had no free place, within \(wait.text)\(words); wait longer",
            metadata: ["model": model], retryAfter: .seconds(1))
    }

    static func modelBusy(_ model: String, _ backend: String) -> BackendError {
        aboutModel(
            .aborted, .modelBusy, model, backend,
            "is still in use in backend \(backend)", retryAfter: .seconds(1))
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
            "model \(BackendName.quoted(model)) needs no loading here", metadata: ["model": model])
    }

    /// What refuses the unload of a model that was never loaded.
    static func notUnloadable(_ model: String, _ backend: String) -> BackendError {
        aboutModel(
            .failedPrecondition, .modelNotLoadable, model, backend,
            "is served by backend \(backend) without being loaded, so it cannot be unloaded")
    }

    static func backendNotStarted(_ name: String) -> BackendError {
        BackendError(
            .failedPrecondition, .backendNotStarted, "backend \(name) must be started first",
            metadata: ["backend": name])
    }

    static let callerCancelled = BackendError(
        .cancelled, .callerCancelled, "the caller gave up waiting; what had begun goes on")

    static let shuttingDown = BackendError(
        .unavailable, .shuttingDown, "the daemon is stopping; connect again once it is back")
}

extension BackendError.Reason {
    /// Whether a backend that was passed over for this serves the model, but for this.
    var tellsOfServing: Bool {
        switch self {
        case .modelNotServed, .modelInProcess: false
        default: true
        }
    }
}

extension [String] {
    /// The first of them for a sentence, and how many more of `count` there are.
    func listed(of count: Int) -> String {
        let shown = prefix(8)
        let others = count - shown.count
        return shown.joined(separator: ", ") + (others > 0 ? " and \(others) \(others == 1 ? "other" : "others")" : "")
    }
}
