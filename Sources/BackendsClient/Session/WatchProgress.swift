// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// Where a watch is, and whether it goes on when its call has ended.
struct WatchProgress: Hashable, Sendable {
    private(set) var position: WatchPosition?
    private let patience: Duration
    private var hasTold = false
    private var trouble: ContinuousClock.Instant?
    private var pause = Self.shortest

    private static let shortest = Duration.milliseconds(20)
    private static let longest = Duration.seconds(1)

    init(position: WatchPosition?, patience: Duration) {
        self.position = position
        self.patience = patience
    }

    mutating func told(_ event: BackendEvent) {
        position = event.position ?? position
        hasTold = true
        trouble = nil
        pause = Self.shortest
    }

    /// The pause before the next call; nil where the watch is over: it never began, its end is no loss, or patience is.
    mutating func ended(_ status: RPCStatus, now: ContinuousClock.Instant) -> Duration? {
        guard hasTold, status.code == .unavailable || status.reason == "SLOW_READER" else { return nil }
        let start = trouble ?? now
        trouble = start
        guard start.duration(to: now) < patience else { return nil }
        defer { pause = min(pause * 2, Self.longest) }
        return pause
    }
}
