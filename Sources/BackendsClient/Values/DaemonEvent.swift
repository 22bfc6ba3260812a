// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One element of the stream that ``BackendClient/withEvents(from:patience:timeout:onInterruption:_:)`` opens.
public enum DaemonEvent: Hashable, Sendable {
    /// All backends and models as they are at a position: the first element of a stream, and what follows a gap.
    case snapshot(DaemonSnapshot)
    /// One change of one backend.
    case change(BackendChange)
    /// One change of one supervised process.
    case instance(InstanceChange)
    /// One change of one model.
    case model(ModelChange)
    /// Changes were lost; a snapshot follows.
    case gap(EventGap)
}

extension DaemonEvent {
    /// What caused a change: a stable UPPER_SNAKE word. Words that this version of the library does not name survive
    /// unchanged.
    public struct Cause: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The word on the wire, for example `START_REQUESTED`.
        public let rawValue: String

        /// Makes a cause from its word on the wire.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The word on the wire.
        public var description: String { rawValue }
    }
}

// The causes of changes of backends.
extension DaemonEvent.Cause {
    /// The backend was created.
    public static let created = Self(rawValue: "CREATED")
    /// The backend was deleted.
    public static let deleted = Self(rawValue: "DELETED")
    /// A patch changed the configuration.
    public static let configRegistered = Self(rawValue: "CONFIG_REGISTERED")
    /// A patch was kept for the next start.
    public static let configStaged = Self(rawValue: "CONFIG_STAGED")
    /// A start was asked for.
    public static let startRequested = Self(rawValue: "START_REQUESTED")
    /// The start succeeded.
    public static let started = Self(rawValue: "STARTED")
    /// The start failed.
    public static let startFailed = Self(rawValue: "START_FAILED")
    /// A stop was asked for.
    public static let stopRequested = Self(rawValue: "STOP_REQUESTED")
    /// A deletion with force stops the backend first.
    public static let deleteRequested = Self(rawValue: "DELETE_REQUESTED")
    /// The daemon is shutting down.
    public static let shutdown = Self(rawValue: "SHUTDOWN")
    /// The stop succeeded.
    public static let stopped = Self(rawValue: "STOPPED")
    /// The stop failed.
    public static let stopFailed = Self(rawValue: "STOP_FAILED")
    /// A started backend broke down.
    public static let backendFailed = Self(rawValue: "BACKEND_FAILED")
    /// The daemon starts the backend because it starts itself.
    public static let boot = Self(rawValue: "BOOT")
    /// The daemon has found processes of the backend that an earlier daemon has started.
    public static let adopted = Self(rawValue: "ADOPTED")
    /// A restart was asked for.
    public static let restartRequested = Self(rawValue: "RESTART_REQUESTED")
    /// A caller has stopped a backend that was at rest or being stopped, which holds.
    public static let held = Self(rawValue: "HELD")
    /// A caller wants a backend started that is still being stopped, so that its hold ends.
    public static let released = Self(rawValue: "RELEASED")
    /// The backend was enabled.
    public static let enabled = Self(rawValue: "ENABLED")
    /// The backend was disabled.
    public static let disabled = Self(rawValue: "DISABLED")
}

// The causes of changes of models.
extension DaemonEvent.Cause {
    /// A load was asked for.
    public static let loadRequested = Self(rawValue: "LOAD_REQUESTED")
    /// There is room now, and the load begins.
    public static let loadBegan = Self(rawValue: "LOAD_BEGAN")
    /// The load succeeded.
    public static let loaded = Self(rawValue: "LOADED")
    /// The load failed.
    public static let loadFailed = Self(rawValue: "LOAD_FAILED")
    /// An unload was asked for.
    public static let unloadRequested = Self(rawValue: "UNLOAD_REQUESTED")
    /// An unload was given up because uses of the model did not end in time.
    public static let unloadAbandoned = Self(rawValue: "UNLOAD_ABANDONED")
    /// A load was given up because no caller waits for it.
    public static let loadAbandoned = Self(rawValue: "LOAD_ABANDONED")
    /// A loaded model cannot be reached now.
    public static let becameUnready = Self(rawValue: "BECAME_UNREADY")
    /// A loaded model can be reached again.
    public static let becameReady = Self(rawValue: "BECAME_READY")
    /// The model was idle for its time to live.
    public static let idle = Self(rawValue: "IDLE")
    /// The model makes room for another one.
    public static let evicted = Self(rawValue: "EVICTED")
    /// The last use of a draining model ended.
    public static let drained = Self(rawValue: "DRAINED")
    /// The unload succeeded.
    public static let unloaded = Self(rawValue: "UNLOADED")
    /// The unload failed.
    public static let unloadFailed = Self(rawValue: "UNLOAD_FAILED")
    /// A loaded model broke down.
    public static let modelFailed = Self(rawValue: "MODEL_FAILED")
    /// The model's backend was stopped.
    public static let backendStopped = Self(rawValue: "BACKEND_STOPPED")
}

// The causes of changes of processes.
extension DaemonEvent.Cause {
    /// The output of a process is not kept in its log files from now on.
    public static let logLost = Self(rawValue: "LOG_LOST")
    /// The output of a process is kept again.
    public static let logKept = Self(rawValue: "LOG_KEPT")
}

/// A place in the changes of one run of a daemon, after which another stream of events can begin.
public struct EventPosition: Hashable, Sendable {
    /// The ID of the run of the daemon, as in ``ServerInfo/run``.
    public let run: String
    /// The sequence number of the last change seen; it grows by one with each change of a run.
    public let sequence: UInt64

    /// Makes a position from one that was stored.
    ///
    /// - Parameters:
    ///   - run: The ID of the run of the daemon.
    ///   - sequence: The sequence number of the last change seen.
    public init(run: String, sequence: UInt64) {
        self.run = run
        self.sequence = sequence
    }
}

/// All backends and models right after a change, or later: a change that follows may be part of it already.
public struct DaemonSnapshot: Hashable, Sendable {
    /// The position of that change.
    public let position: EventPosition
    /// The backends in priority order.
    public let backends: [BackendDescription]
    /// The models by backend in priority order, then by ID.
    public let models: [ModelDescription]
}

/// One change of one backend.
public struct BackendChange: Hashable, Sendable {
    /// Where it stands in the order of all changes.
    public let position: EventPosition
    /// When it happened.
    public let time: Timestamp?
    /// The backend's name.
    public let backend: String
    /// The state before; nil if this change created the backend.
    public let oldState: BackendState?
    /// The state after; nil if this change deleted the backend.
    public let newState: BackendState?
    /// The generation of the backend's configuration.
    public let generation: Int
    /// What caused it.
    public let cause: DaemonEvent.Cause
    /// Why the backend failed; nil unless the new state is ``BackendState/failed``.
    public let failure: BackendFailure?
    /// The stop that keeps the backend down after this change; nil if there is none.
    public let hold: BackendHold?
}

/// One change of one supervised process.
public struct InstanceChange: Hashable, Sendable {
    /// Where it stands in the order of all changes.
    public let position: EventPosition
    /// When it happened.
    public let time: Timestamp?
    /// The name of the backend that runs the process.
    public let backend: String
    /// The instance's name, as in ``InstanceDescription/name``.
    public let instance: String
    /// The ID of the model it serves; nil if it serves every model of its backend.
    public let modelID: String?
    /// The state before; nil if this change made the instance.
    public let oldState: InstanceState?
    /// The state after; nil if the instance is gone.
    public let newState: InstanceState?
    /// The ID of its process; nil while there is none.
    public let pid: Int32?
    /// The number of restarts so far.
    public let restarts: Int
    /// Why it ended by itself or failed; nil if it did neither.
    public let failure: BackendFailure?
    /// When it is started again; nil except in ``InstanceState/backoff``.
    public let retryTime: Timestamp?
    /// Why its output is not kept in its log files; nil while it is.
    public let logFailure: BackendFailure?
    /// ``DaemonEvent/Cause/logLost`` or ``DaemonEvent/Cause/logKept`` if the change concerns only its log files; else
    /// nil.
    public let cause: DaemonEvent.Cause?
}

/// One change of one model.
public struct ModelChange: Hashable, Sendable {
    /// Where it stands in the order of all changes.
    public let position: EventPosition
    /// When it happened.
    public let time: Timestamp?
    /// The name of the backend that serves it.
    public let backend: String
    /// The model's ID.
    public let modelID: String
    /// What the backend was doing with it.
    public let oldState: ModelState
    /// What it is doing with it now.
    public let newState: ModelState
    /// What caused it.
    public let cause: DaemonEvent.Cause
    /// Why the model failed; nil unless the new state is ``ModelState/failed``.
    public let failure: BackendFailure?
}

/// Changes that this reader missed, by their sequence numbers, both ends included.
public struct EventGap: Hashable, Sendable {
    /// The sequence number of the first change that was missed.
    public let first: UInt64
    /// The sequence number of the last change that was missed.
    public let last: UInt64
}
