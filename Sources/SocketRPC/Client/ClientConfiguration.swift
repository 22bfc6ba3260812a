// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The limits and timeouts of a client. The defaults suit programs on the daemon's host.
package struct ClientConfiguration: Sendable {
    /// The timeout of unary calls that do not set one; nil: none.
    package var timeout: Duration? = .seconds(300)
    /// The timeout of streaming calls that do not set one; nil: none.
    package var streamTimeout: Duration?
    /// The limits of one connection.
    package var streams = ClientStreams.Limits()
    /// How long a connection with other calls waits for the reader of a stream that is full. If the reader takes
    /// nothing meanwhile, the stream ends with `RESOURCE_EXHAUSTED SLOW_READER`.
    package var readerPatience = Duration.seconds(1)
    /// The number of calls that may wait for a connection, or for room on it.
    package var waitingCalls = 4096
    /// The high-water mark: with this many bytes of waiting output, further messages and calls wait.
    package var outputHighMark = 256 << 10
    /// The low-water mark: at this many bytes they continue.
    package var outputLowMark = 64 << 10
    /// How long calls wait for a daemon that the client has never reached.
    package var absenceWait = Duration.zero
    /// How long calls wait for the restart of a daemon that the client has reached.
    package var restartWait = Duration.seconds(2)
    /// How long calls wait while the daemon's backlog is full.
    package var backlogWait = Duration.seconds(10)
    /// The first pause between two attempts to connect; each further one is twice as long.
    package var retryDelay = Duration.milliseconds(1)
    /// The longest pause between two attempts to connect.
    package var longestRetryDelay = Duration.milliseconds(250)
    /// How long a connection that is about to close tries to send what is left.
    package var flushWait = Duration.seconds(5)

    package init() {}
}
