// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The limits and times of a client. Each has a default that suits programs beside a daemon.
package struct ClientConfiguration: Sendable {
    /// How long a unary call may take that says nothing itself; nil: without a limit.
    package var timeout: Duration? = .seconds(300)
    /// How long a streaming call may take that says nothing itself; nil: without a limit.
    package var streamTimeout: Duration?
    /// What one connection may use.
    package var streams = ClientStreams.Limits()
    /// How long a connection with other calls waits for the reader of a stream that is full. When it takes nothing
    /// meanwhile, the stream ends with `RESOURCE_EXHAUSTED SLOW_READER`.
    package var readerPatience = Duration.seconds(1)
    /// How many calls may wait for a connection, or for room on it.
    package var waitingCalls = 4096
    /// From so many bytes of waiting output on, messages and calls wait.
    package var outputHighMark = 256 << 10
    /// With no more than so many bytes they go on.
    package var outputLowMark = 64 << 10
    /// How long calls wait for a daemon that was never seen.
    package var absenceWait = Duration.zero
    /// How long calls wait for a daemon that was there: for its restart.
    package var restartWait = Duration.seconds(2)
    /// How long calls wait while the daemon's backlog is full.
    package var backlogWait = Duration.seconds(10)
    /// The first pause between two tries to connect; each further one is twice as long.
    package var retryDelay = Duration.milliseconds(1)
    /// The longest pause between two tries to connect.
    package var longestRetryDelay = Duration.milliseconds(250)
    /// How long a connection that is to close tries to send what is left.
    package var flushWait = Duration.seconds(5)

    package init() {}
}
