// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// Whether a stream continues when its call has ended, and after which pause.
final class Resumption {
    private let patience: Duration?
    private var hasWorked = false
    private var firstLoss: ContinuousClock.Instant?
    private var pause = Resumption.shortest

    private static let shortest = Duration.milliseconds(20)
    private static let longest = Duration.seconds(1)

    /// - Parameter patience: How long to try after a loss; nil: not at all.
    init(patience: Duration?) {
        self.patience = patience
    }

    /// Whether no call was lost since the stream last worked.
    var isWell: Bool { firstLoss == nil }

    /// The stream works.
    func worked() {
        hasWorked = true
        firstLoss = nil
        pause = Self.shortest
    }

    /// Returns the pause before the next call; nil if the stream is over: it never worked, the end of the call does not
    /// count as a loss, or the patience has ended.
    func ended(_ status: RPCStatus, now: ContinuousClock.Instant) -> Duration? {
        let isLoss = status.code == .unavailable || status.reason == FailureReason.slowReader.rawValue
        guard let patience, hasWorked, isLoss else { return nil }
        let start = firstLoss ?? now
        firstLoss = start
        guard start.duration(to: now) < patience else { return nil }
        defer { pause = min(pause * 2, Self.longest) }
        return pause
    }
}
