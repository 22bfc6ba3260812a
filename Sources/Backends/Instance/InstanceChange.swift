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

    package init(
        instance: String, model: String? = nil, oldState: InstanceState?, newState: InstanceState?,
        pid: Int32? = nil, restarts: Int = 0, failure: BackendFailure? = nil
    ) {
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
        let words = "instance \(instance) is \(newState)"
        return BackendFailure(
            reason: failure?.reason ?? BackendError.Reason.instanceNotReady.rawValue,
            message: failure.map { "\(words): \($0.message)" } ?? words)
    }
}
