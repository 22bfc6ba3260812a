// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SocketRPC

/// The limits and times of an `RPCServer`. Each has a default that suits a daemon of one host.
package struct ServerConfiguration: Sendable {
    /// How many event loops, hence threads, serve connections.
    package var loops = 1
    /// How long a loop polls before it sleeps.
    package var spin = Duration.zero
    /// How many connections are served at once. More are accepted, and their first call is refused.
    package var maximumConnections = 4096
    /// How many connections beyond that, or of peers without permission, are kept to be told so, over all loops. Still more are
    /// closed.
    package var maximumRefusals = 256
    /// What one connection may use.
    package var streams = ServerStreams.Limits()
    /// How many bytes a client of HTTP/2 may send on a stream before their handler has taken some.
    package var streamWindow = 64 << 10
    /// How many calls that do not end at once one process may have open, over all its connections.
    package var callsPerPeer = 65_536
    /// How many bytes of requests may be kept for handlers, inflated, over all connections. Above it, the connection that keeps the most
    /// loses a call.
    package var inputBytes = 128 << 20
    /// How many bytes of output may wait for clients over all connections. Above it, the connection for which the most waits loses calls,
    /// and is closed when its peer still does not read.
    package var outputBytes = 128 << 20
    /// How long such a peer has to read.
    package var overdueOutputTimeout = Duration.seconds(1)
    /// How many bytes the keys and values of one request may have together.
    package var metadataBytes = 64 << 10
    /// How many bytes the headers of one request over HTTP/2 may have together, as HTTP counts them.
    package var headerBytes = 16 << 10
    /// How many pairs of metadata one request may have.
    package var metadataPairs = 128
    /// From so many bytes of waiting output on, handlers that send on a stream wait.
    package var outputHighMark = 256 << 10
    /// With no more than so many bytes they go on, and reading does too.
    package var outputLowMark = 64 << 10
    /// From so many bytes of waiting output on, nothing more is read from the connection.
    package var outputPause = 1 << 20
    /// With more than that, the answer of a unary call is replaced by `RESOURCE_EXHAUSTED`.
    package var outputLimit = 32 << 20
    /// How long a connection may stay silent after it was made.
    package var firstByteTimeout = Duration.seconds(10)
    /// How long a frame may take from its first to its last byte.
    package var startedFrameTimeout = Duration.seconds(10)
    /// How long a peer may take nothing of what waits for it.
    package var writeStallTimeout = Duration.seconds(30)
    /// The deadline of calls that bring none; nil: such calls have none.
    package var defaultTimeout: Duration?
    /// How long the end of the server waits for handlers that were cancelled.
    package var cancellationWait = Duration.seconds(5)

    package init() {}
}
