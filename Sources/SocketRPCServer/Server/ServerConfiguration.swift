// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SocketRPC

/// The limits and timeouts of an `RPCServer`. The defaults suit a daemon that serves one host.
package struct ServerConfiguration: Sendable {
    /// The number of event loops, and thus threads, that serve connections.
    package var loops = 1
    /// How long a loop polls before it sleeps.
    package var spin = Duration.zero
    /// The number of connections that are served at once. Further ones are accepted, and their first call is refused.
    package var maximumConnections = 4096
    /// The number of refused connections, over all loops, that are kept until their first call is refused. Further ones
    /// are closed.
    package var maximumRefusals = 256
    /// The limits of one connection.
    package var streams = ServerStreams.Limits()
    /// The number of bytes that an HTTP/2 client may send on a stream before the handler has taken some.
    package var streamWindow = 64 << 10
    /// The number of calls that one process may have open over all its connections; calls that are answered inline do
    /// not count.
    package var callsPerPeer = 65_536
    /// The number of bytes of decompressed requests that may wait for handlers, over all connections. Above it, the
    /// connection that keeps the most loses a call.
    package var inputBytes = 128 << 20
    /// The number of bytes of output that may wait for clients, over all connections. Above it, the connection for
    /// which the most waits loses calls, and is closed if its peer still does not read.
    package var outputBytes = 128 << 20
    /// The time that such a peer has to read.
    package var overdueOutputTimeout = Duration.seconds(1)
    /// The largest total size of the metadata keys and values of one request, in bytes.
    package var metadataBytes = 64 << 10
    /// The largest total size of the headers of one HTTP/2 request, in bytes as HTTP counts them.
    package var headerBytes = 16 << 10
    /// The number of metadata pairs that one request may have.
    package var metadataPairs = 128
    /// The high-water mark: with this many bytes of waiting output, handlers that send on a stream wait.
    package var outputHighMark = 256 << 10
    /// The low-water mark: at this many bytes they continue, and reading does too.
    package var outputLowMark = 64 << 10
    /// With this many bytes of waiting output, reading from the connection pauses.
    package var outputPause = 1 << 20
    /// With more bytes than this, the answer of a unary call is replaced by `RESOURCE_EXHAUSTED`.
    package var outputLimit = 32 << 20
    /// How long a connection may stay silent after it was accepted.
    package var firstByteTimeout = Duration.seconds(10)
    /// How long a frame may take from its first to its last byte.
    package var startedFrameTimeout = Duration.seconds(10)
    /// How long a peer may read nothing while output waits for it.
    package var writeStallTimeout = Duration.seconds(30)
    /// The timeout of calls that do not set one; nil: none.
    package var defaultTimeout: Duration?
    /// How long a shutdown waits for handlers that were cancelled.
    package var cancellationWait = Duration.seconds(5)

    package init() {}

    /// Those that can change while the server runs.
    package var limits: ServerLimits {
        get {
            ServerLimits(
                connections: maximumConnections, streamsPerConnection: streams.streams, inputBytes: inputBytes,
                outputBytes: outputBytes)
        }
        set {
            maximumConnections = newValue.connections
            streams.streams = newValue.streamsPerConnection
            (inputBytes, outputBytes) = (newValue.inputBytes, newValue.outputBytes)
        }
    }
}

/// The limits of a server that can change while it runs; see ``ServerConfiguration``.
package struct ServerLimits: Hashable, Sendable {
    package var connections: Int
    /// A connection keeps the one that it has begun with.
    package var streamsPerConnection: Int
    package var inputBytes: Int
    package var outputBytes: Int

    package init(connections: Int, streamsPerConnection: Int, inputBytes: Int, outputBytes: Int) {
        self.connections = connections
        self.streamsPerConnection = streamsPerConnection
        self.inputBytes = inputBytes
        self.outputBytes = outputBytes
    }
}
