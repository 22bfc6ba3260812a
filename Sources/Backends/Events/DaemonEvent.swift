// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging

/// One change in the daemon; all kinds are numbered together.
package enum DaemonEvent: Hashable, Sendable {
    case backend(BackendEvent)
    case instance(InstanceEvent)
    case model(ModelEvent)

    /// Grows by one with every event of a run of the daemon, from 1.
    package var sequence: UInt64 {
        get {
            switch self {
            case .backend(let event): event.sequence
            case .instance(let event): event.sequence
            case .model(let event): event.sequence
            }
        }
        set {
            switch self {
            case .backend(var event):
                event.sequence = newValue
                self = .backend(event)
            case .instance(var event):
                event.sequence = newValue
                self = .instance(event)
            case .model(var event):
                event.sequence = newValue
                self = .model(event)
            }
        }
    }
}

extension DaemonEvent {
    func write(to log: Logger) {
        switch self {
        case .backend(let event): event.write(to: log)
        case .instance(let event): event.write(to: log)
        case .model(let event): event.write(to: log)
        }
    }
}

extension BackendEvent {
    fileprivate func write(to log: Logger) {
        var metadata: Logger.Metadata = [
            "sequence": "\(sequence)", "backend": "\(backend)", "cause": "\(cause.rawValue)",
            "generation": "\(generation)",
        ]
        metadata.add(from: oldState, to: newState, failure)
        if let hold {
            metadata["held_by_pid"] = "\(hold.caller.pid)"
            metadata["held_by_uid"] = "\(hold.caller.uid)"
        }
        log.log(level: newState == .failed ? .warning : .info, "backend changed", metadata: metadata)
    }
}

extension InstanceEvent {
    fileprivate func write(to log: Logger) {
        var metadata: Logger.Metadata = [
            "sequence": "\(sequence)", "backend": "\(backend)", "instance": "\(change.instance)",
            "restarts": "\(change.restarts)",
        ]
        if let pid = change.pid { metadata["pid"] = "\(pid)" }
        metadata.add(from: change.oldState, to: change.newState, change.failure)
        let isTrouble = change.newState == .failed || change.newState == .backoff
        log.log(level: isTrouble ? .warning : .info, "instance changed", metadata: metadata)
    }
}

extension ModelEvent {
    fileprivate func write(to log: Logger) {
        var metadata: Logger.Metadata = [
            "sequence": "\(sequence)", "backend": "\(backend)", "model": "\(model)", "cause": "\(cause.rawValue)",
        ]
        metadata.add(from: oldState, to: newState, failure)
        log.log(level: newState == .failed ? .warning : .info, "model changed", metadata: metadata)
    }
}

extension Logger.Metadata {
    fileprivate mutating func add<State: CustomStringConvertible>(
        from old: State?, to new: State?, _ failure: BackendFailure?
    ) {
        if let old { self["from"] = "\(old)" }
        if let new { self["to"] = "\(new)" }
        if let failure { self["reason"] = "\(failure.reason)" }
    }
}

/// One change of one supervised process.
package struct InstanceEvent: Hashable, Sendable {
    package var sequence: UInt64
    package var time: Timestamp
    package var backend: String
    package var change: InstanceChange

    package init(sequence: UInt64 = 0, time: Timestamp, backend: String, change: InstanceChange) {
        self.sequence = sequence
        self.time = time
        self.backend = backend
        self.change = change
    }
}
