// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a daemon says about itself.
public struct ServerInfo: Hashable, Sendable {
    /// Its version, for example `1.2.3`.
    public let version: String
    /// The ID of this run of the daemon; each start makes another.
    public let run: String
    /// When this run began.
    public let startTime: Timestamp?
    /// Its process ID.
    public let pid: Int32
    /// The protocols it serves: `ttrpc` and, unless that is switched off, `grpc`.
    public let protocols: [String]
    /// The path of the socket it listens on.
    public let socketPath: String
    /// The number of open connections, this one included.
    public let connections: Int
    /// The number of backends.
    public let backends: Int
    /// The sequence number of its newest event, as in ``EventPosition/sequence``.
    public let sequence: UInt64
    /// The memory it keeps for requests of all clients; its limit is `limits.input_bytes`.
    public let input: MemoryBudget
    /// The memory it keeps for output that clients have not read yet; its limit is `limits.output_bytes`.
    public let output: MemoryBudget
    /// The bytes of output of instances that could not be written to their files, as far as this run has learned of them.
    public let lostOutputBytes: Int
}

/// A limit for what all connections of a daemon keep in memory together.
public struct MemoryBudget: Hashable, Sendable {
    /// The memory in use, in bytes. Connections that use less than 4 KiB are not counted.
    public let bytes: Int
    /// The limit, in bytes.
    public let limitBytes: Int
    /// The number of calls and connections that were ended because the limit was reached.
    public let refusals: Int
}
