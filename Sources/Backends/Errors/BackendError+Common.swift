// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
package import SystemIO

extension BackendError {
    /// The daemon has reached its limit of open descriptors; `what` says what failed because of it.
    static func noDescriptor(
        _ what: String, _ error: SystemError, metadata: [String: String] = [:]
    ) -> BackendError {
        BackendError(
            .resourceExhausted, .noDescriptor,
            "\(what): \(error); close connections, or raise the daemon's limit of open files", metadata: metadata,
            retryAfter: .seconds(1))
    }

    /// The supervision of instances cannot get its thread or its descriptors.
    package static func cannotSupervise(_ instance: String, _ error: SystemError) -> BackendError {
        let (what, metadata) = ("cannot start instance \(instance)", ["instance": instance])
        if error.isOutOfDescriptors { return .noDescriptor(what, error, metadata: metadata) }
        return BackendError(.internal, .spawnFailed, "\(what): \(error)", metadata: metadata)
    }

    /// The directory for the files of instances cannot be used; `key` sets its path.
    package static func directoryUnusable(
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

    /// The error of a backend whose configuration does not name the model.
    package static func modelNotServed(
        _ model: String, _ backend: String, _ why: String? = nil
    ) -> BackendError {
        let rest = why.map { ": \($0)" } ?? ""
        return aboutModel(.notFound, .modelNotServed, model, backend, "is not served by backend \(backend)\(rest)")
    }

    /// Why a backend that leaves a model to the caller's own process is passed over, while other backends serve it too.
    static func modelInProcess(_ model: String, _ backend: String) -> BackendError {
        aboutModel(
            .failedPrecondition, .modelInProcess, model, backend,
            "is left to the caller's own process by backend \(backend), which is asked last unless allow_in_process is set"
        )
    }

    /// None of the `count` backends that were asked serves the model; `reason` is that of one of them, if it is worth reporting.
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

    /// The backend has an endpoint without an address.
    static func addressMissing(_ model: String, _ backend: String) -> BackendError {
        aboutModel(
            .failedPrecondition, .addressMissing, model, backend,
            "cannot be reached: backend \(backend) has no address for it; use ${PORT} or ${SOCKET} in command, or set"
                + " address")
    }

    /// `condition` says which state the model is in instead.
    static func modelNotReady(_ model: String, _ backend: String, _ condition: String?) -> BackendError {
        let note = condition.map { " (\($0))" } ?? ""
        return aboutModel(
            .unavailable, .modelNotReady, model, backend,
            "is not ready in backend \(backend)\(note); wait for it, or try again", retryAfter: .seconds(1))
    }

    static func modelNotReady(
        _ model: String, within wait: Duration, _ condition: String?, _ kind: Kind = .unavailable
    ) -> BackendError {
        let note = condition.map { " (\($0))" } ?? ""
        return BackendError(
            kind, .modelNotReady,
            "model \(BackendName.quoted(model)) was not ready, or had no free place, within \(wait.exactText)\(note); wait longer",
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

    /// The error for unloading a model that is served without being loaded.
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

    /// The error for a start by a request, or by the boot, of a backend that a person has stopped.
    static func backendHeld(_ name: String, _ hold: BackendHold) -> BackendError {
        let (pid, uid) = (hold.caller.pid, hold.caller.uid)
        return BackendError(
            .failedPrecondition, .backendHeld,
            "backend \(name) was stopped by pid \(pid) of uid \(uid) at \(hold.time), which holds until it is started by hand",
            metadata: ["backend": name, "pid": String(pid), "uid": String(uid), "time": hold.time.description])
    }

    static func backendDisabled(_ name: String) -> BackendError {
        BackendError(
            .failedPrecondition, .backendDisabled,
            "backend \(name) is disabled, so it is only started by hand; enable it, or start it",
            metadata: ["backend": name])
    }

    static func backendManual(_ name: String) -> BackendError {
        BackendError(
            .failedPrecondition, .backendManual,
            "backend \(name) has start: manual, so no request starts it; start it by hand",
            metadata: ["backend": name])
    }

    static func instanceNotFound(_ instance: String, _ backend: String, of others: [String]) -> BackendError {
        BackendError(
            .notFound, .instanceNotFound,
            "backend \(backend) has no instance \(BackendName.quoted(instance)) now; "
                + (others.isEmpty ? "it runs no process" : "it has \(others.listed(of: others.count))"),
            metadata: ["backend": backend, "instance": instance])
    }

    /// The error for an instance that is given up, or is being stopped.
    static func instanceEnded(_ instance: String) -> BackendError {
        BackendError(
            .failedPrecondition, .instanceEnded,
            "instance \(instance) has ended for good, or is being stopped; restart its backend or its model",
            metadata: ["instance": instance])
    }

    static let callerCancelled = BackendError(
        .cancelled, .callerCancelled, "the caller gave up waiting; what had begun goes on")

    static let shuttingDown = BackendError(
        .unavailable, .shuttingDown, "the daemon is stopping; connect again once it is back")
}

extension BackendError.Reason {
    /// Whether a backend that was passed over for this reason would serve the model otherwise.
    var impliesServing: Bool {
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
