// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Whether a watch goes on after an event.
public enum WatchDecision: Hashable, Sendable {
    /// Tell the next event too.
    case proceed
    /// End the watch.
    case stop
}
