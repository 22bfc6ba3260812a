// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A supervised process as it was when the daemon answered.
public struct InstanceDescription: Hashable, Sendable {
    /// `BACKEND`, or `BACKEND/MODEL` where each model has a process of its own.
    public let name: String
    /// The model it serves; nil where it serves every model of its backend.
    public let modelID: String?
    /// What it is doing.
    public let state: InstanceState
    /// The number of its process; nil while there is none.
    public let pid: Int32?
    /// Where it is reached; nil where it has no endpoint.
    public let address: String?
    /// Restarts since the backend was started or the model was loaded.
    public let restarts: UInt32
    /// When its process was started.
    public let startTime: Timestamp?
    /// Why it last ended by itself, or failed.
    public let failure: BackendFailure?
    /// The memory of its process and all descendants.
    public let residentBytes: UInt64
    /// The processor time of its process and all descendants.
    public let processorTime: Duration
    /// Uses of its models under way.
    public let uses: UInt32
    /// When it is started again; set while it is in ``InstanceState/backoff``.
    public let retryTime: Timestamp?
    /// Why its output is not kept in its files now; nil while it is.
    public let logFailure: BackendFailure?
}
