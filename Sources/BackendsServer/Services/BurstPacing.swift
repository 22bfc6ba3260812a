// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Spaces the messages of a stream: a rare event is sent at once, and a burst is gathered into a few large messages.
///
/// A reader may keep a fixed number of messages, whatever they hold, and end a stream that has more: containerd's ttrpc client keeps 64.
package struct BurstPacing: Sendable {
    /// How many messages a burst begins with, without a pause.
    package static let burst = 16
    /// The pause between later ones.
    package static let interval = Duration.milliseconds(250)

    /// When a whole burst may be sent at once again.
    private var rested: ContinuousClock.Instant?

    package init() {}

    /// How long to gather what comes next before it is sent.
    package func pause(at now: ContinuousClock.Instant) -> Duration {
        guard let rested else { return .zero }
        return max(.zero, now.duration(to: rested) - Self.interval * (Self.burst - 1))
    }

    /// A message was sent.
    package mutating func sent(at now: ContinuousClock.Instant) {
        let next = max(rested ?? now, now) + Self.interval
        // Messages that could not wait, such as the parts of a snapshot, cost later ones no more than the usual pause.
        rested = min(next, now + Self.interval * Self.burst)
    }
}
