// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a daemon says of itself.
public struct ServerInfo: Hashable, Sendable {
    /// Its version.
    public let version: String
    /// An ID of this run of the daemon.
    public let instance: String
    /// When this run began.
    public let startTime: Timestamp?
    /// Its process ID.
    public let pid: Int32
    /// `ttrpc` and, where it is served, `grpc`.
    public let protocols: [String]
    /// The socket it listens on.
    public let socketPath: String
    /// How many connections are open, this one included.
    public let connections: UInt32
    /// How many backends there are.
    public let backends: UInt32
    /// The sequence of its newest event.
    public let sequence: UInt64
    /// What it keeps of all clients' requests.
    public let input: MemoryBudget
    /// What waits for all clients to read it.
    public let output: MemoryBudget
}

/// A limit for what all connections of a daemon keep in memory together.
public struct MemoryBudget: Hashable, Sendable {
    /// How many bytes are kept now.
    public let bytes: UInt64
    /// The limit.
    public let limitBytes: UInt64
    /// How many calls and connections have ended because the limit was reached.
    public let refusals: UInt64
}
