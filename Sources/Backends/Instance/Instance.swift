// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The state of one supervised process.
package struct InstanceSnapshot: Hashable, Sendable {
    /// `BACKEND`, or `BACKEND/MODEL` when each model has its own process.
    package var name: String
    /// Nil when the process serves every model of its backend.
    package var model: String?
    package var state: InstanceState
    /// Nil while no process runs.
    package var pid: Int32?
    /// Nil when the instance has no endpoint.
    package var address: String?
    /// Restarts since the backend was started or the model was loaded.
    package var restarts: Int
    /// When the process was started.
    package var startTime: Timestamp?
    /// Why the process last ended by itself, or the instance failed.
    package var failure: BackendFailure?
    /// The memory of the process and all descendants.
    package var residentBytes: UInt64
    package var processorTime: Duration
    /// How many uses of its models are under way.
    package var uses = 0
    /// The time of the next restart, while the state is ``InstanceState/backoff``.
    package var retryTime: Timestamp?
    /// Why the output is not kept in its files now; nil while it is.
    package var logFailure: BackendFailure?
    /// The bytes of output that its last run has lost.
    package var lostOutputBytes: UInt64 = 0
    /// Whether its process was started with another configuration than the one that the next start of its backend uses, as far as a
    /// running process cannot take the difference over.
    package var isOutdated = false

    package init(
        name: String, model: String? = nil, state: InstanceState, pid: Int32? = nil, address: String? = nil,
        restarts: Int = 0, startTime: Timestamp? = nil, failure: BackendFailure? = nil, residentBytes: UInt64 = 0,
        processorTime: Duration = .zero
    ) {
        self.name = name
        self.model = model
        self.state = state
        self.pid = pid
        self.address = address
        self.restarts = restarts
        self.startTime = startTime
        self.failure = failure
        self.residentBytes = residentBytes
        self.processorTime = processorTime
    }
}

/// The lifecycle state of one supervised process.
package enum InstanceState: Hashable, Sendable, CaseIterable {
    /// The process is being started, or runs and does not serve yet.
    case starting
    case ready
    /// The process runs, and its readiness probe fails.
    case unready
    /// The process has ended and is restarted after a pause.
    case backoff
    case stopping
    /// The process has ended and is not restarted.
    case exited
    case failed
}

extension InstanceState: CustomStringConvertible {
    /// The word the contract uses.
    package var description: String {
        switch self {
        case .starting: "STARTING"
        case .ready: "READY"
        case .unready: "UNREADY"
        case .backoff: "BACKOFF"
        case .stopping: "STOPPING"
        case .exited: "EXITED"
        case .failed: "FAILED"
        }
    }
}

/// A change of one supervised process, as its backend reports it.
package struct InstanceChange: Hashable, Sendable {
    /// The instance's name.
    package var instance: String
    package var model: String?
    /// Nil when the instance is new.
    package var oldState: InstanceState?
    /// Nil when the instance has ended for good.
    package var newState: InstanceState?
    package var pid: Int32?
    package var restarts: Int
    package var failure: BackendFailure?
    /// The time of the next restart, while the state is ``InstanceState/backoff``.
    package var retryTime: Timestamp?
    /// Set when only the keeping of the output has changed.
    package var log: LogKeeping?

    /// Whether the output of an instance is kept in its files.
    package enum LogKeeping: Hashable, Sendable {
        case lost(BackendFailure)
        case kept
    }

    package init(
        instance: String, model: String? = nil, oldState: InstanceState?, newState: InstanceState?,
        pid: Int32? = nil, restarts: Int = 0, failure: BackendFailure? = nil, retryTime: Timestamp? = nil,
        log: LogKeeping? = nil
    ) {
        self.retryTime = retryTime
        self.log = log
        self.instance = instance
        self.model = model
        self.oldState = oldState
        self.newState = newState
        self.pid = pid
        self.restarts = restarts
        self.failure = failure
    }
}

extension InstanceChange {
    /// Why the instance does not serve after the change; nil when it does, or has ended for good.
    var unready: BackendFailure? {
        guard let newState, newState != .ready else { return nil }
        let time = retryTime.map { " until \($0)" } ?? ""
        let summary = "instance \(instance) is \(newState)\(time)"
        return BackendFailure(
            reason: failure?.reason ?? BackendError.Reason.instanceNotReady.rawValue,
            message: failure.map { "\(summary): \($0.message)" } ?? summary)
    }
}
