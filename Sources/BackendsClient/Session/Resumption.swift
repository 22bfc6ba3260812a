// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// Whether a stream goes on when its call has ended, and after which pause.
struct Resumption: Hashable, Sendable {
    private let patience: Duration
    private var hasTold = false
    private var trouble: ContinuousClock.Instant?
    private var pause = Self.shortest

    private static let shortest = Duration.milliseconds(20)
    private static let longest = Duration.seconds(1)

    init(patience: Duration) {
        self.patience = patience
    }

    /// Whether the stream works, as far as is known.
    var isWell: Bool { trouble == nil }

    /// The stream works.
    mutating func told() {
        hasTold = true
        trouble = nil
        pause = Self.shortest
    }

    /// The pause before the next call; nil where the stream is over: it never began, its end does not count as a loss, or patience has ended.
    mutating func ended(_ status: RPCStatus, now: ContinuousClock.Instant) -> Duration? {
        guard hasTold, status.code == .unavailable || status.reason == "SLOW_READER" else { return nil }
        let start = trouble ?? now
        trouble = start
        guard start.duration(to: now) < patience else { return nil }
        defer { pause = min(pause * 2, Self.longest) }
        return pause
    }
}
