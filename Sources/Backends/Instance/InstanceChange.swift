// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A change of one supervised process, as its backend tells it.
package struct InstanceChange: Hashable, Sendable {
    /// The instance's name.
    package var instance: String
    package var model: String?
    /// Nil when the instance was made by this change.
    package var oldState: InstanceState?
    /// Nil when the instance is gone.
    package var newState: InstanceState?
    package var pid: Int32?
    package var restarts: Int
    package var failure: BackendFailure?
    /// When it is started again; set while it is in `backoff`.
    package var retryTime: Timestamp?
    /// Set where nothing but the keeping of its output has changed.
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
    /// Why the instance does not serve after the change; nil where it does, or is gone.
    var unready: BackendFailure? {
        guard let newState, newState != .ready else { return nil }
        let time = retryTime.map { " until \($0)" } ?? ""
        let words = "instance \(instance) is \(newState)\(time)"
        return BackendFailure(
            reason: failure?.reason ?? BackendError.Reason.instanceNotReady.rawValue,
            message: failure.map { "\(words): \($0.message)" } ?? words)
    }
}
