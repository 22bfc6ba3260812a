// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One supervised process as it was at one moment.
package struct InstanceSnapshot: Hashable, Sendable {
    /// `BACKEND`, or `BACKEND/MODEL` where each model has a process of its own.
    package var name: String
    /// Nil where it serves every model of its backend.
    package var model: String?
    package var state: InstanceState
    /// Nil while there is no process.
    package var pid: Int32?
    /// Nil where it has no endpoint.
    package var address: String?
    /// Since the backend was started or the model was loaded.
    package var restarts: Int
    /// When the process was started.
    package var startTime: Timestamp?
    /// Why it last ended by itself, or failed.
    package var failure: BackendFailure?
    /// Of its process and all descendants.
    package var residentBytes: UInt64
    package var processorTime: Duration
    /// Uses of its models under way.
    package var uses = 0
    /// When it is started again; set while it is in `backoff`.
    package var retryTime: Timestamp?
    /// Why its output is not kept in its files now.
    package var logFailure: BackendFailure?

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
