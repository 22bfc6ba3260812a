// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One change of one supervised process.
public struct InstanceChange: Hashable, Sendable {
    /// Where it stands in the order of all changes.
    public let position: WatchPosition
    /// When it happened.
    public let time: Timestamp?
    /// The backend that runs it.
    public let backend: String
    /// The instance's name.
    public let instance: String
    /// The model it serves; nil where it serves every model of its backend.
    public let modelID: String?
    /// Nil: this change made the instance.
    public let oldState: InstanceState?
    /// Nil: the instance is gone.
    public let newState: InstanceState?
    /// The number of its process; nil while there is none.
    public let pid: Int32?
    /// Restarts so far.
    public let restarts: UInt32
    /// Set where it ended by itself or failed.
    public let failure: BackendFailure?
    /// When it is started again; set while it is in ``InstanceState/backoff``.
    public let retryTime: Timestamp?
    /// Why its output is not kept in its files any more.
    public let logFailure: BackendFailure?
    /// `LOG_LOST` or `LOG_KEPT` where nothing but the keeping of its output has changed; else nil.
    public let cause: String?
}
