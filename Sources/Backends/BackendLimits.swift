// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The bounds of the domain. The code that checks a bound says what happens when it is reached.
package struct BackendLimits: Hashable, Sendable {
    /// Backends in the registry.
    package var backends = 1024
    /// Callers that wait for one backend's start, stop or deletion.
    package var callers = 4096
    /// Callers that wait for one start lock, to hold it or to run a command.
    package var lockWaiters = 1024
    /// The longest wait for a start lock.
    package var lockWait = Duration.seconds(3600)
    /// Owner layers of one backend.
    package var owners = 256
    /// Size of one backend's layers together.
    package var configuration = ConfigSize.Limit(nodes: 8192, depth: 32, bytes: 256 * 1024)
    /// Bytes of all backends' effective configurations, so that a snapshot of all fits one message.
    package var totalConfigurationBytes = 2 * 1024 * 1024
    /// How long one backend may take over one runtime context.
    package var contextTimeout = Duration.seconds(1)
    /// Runtime contexts that backends work on outside their caller's thread.
    package var pendingContexts = 1024
    /// Events kept for replay.
    package var events = 4096
    /// Watchers that wait for an event.
    package var watchers = 16_384

    package init() {}
}
