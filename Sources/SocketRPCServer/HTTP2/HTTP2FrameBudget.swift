// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// How many frames a client may send that bring no call forward, and how often it may ask whether the server is alive.
///
/// Every frame costs the server something. Those that carry headers or data are paid for by the limits of calls and windows; for the
/// others there is a budget, which time and honest work fill up again.
package struct HTTP2FrameBudget {
    package enum Verdict: Hashable {
        case fine
        case tooManyPings
        case tooManyFrames
    }

    private static let nanosecondsPerSecond: UInt64 = 1_000_000_000
    /// Frames of any type: so many at once, so many a second, and so many for each frame with data or headers, sent or received.
    private static let burst = 2_000
    private static let perSecond: UInt64 = 500
    private static let perUse = 4
    private static let most = 20_000
    /// SETTINGS frames, each of which is answered and may change every stream.
    private static let settingsBurst = 100
    private static let settingsPerSecond: UInt64 = 10
    /// PING frames (gRPC's proposal A8): the time between two while calls are open, and while none is.
    private static let pingInterval = 300 * nanosecondsPerSecond
    private static let idlePingInterval = 7_200 * nanosecondsPerSecond
    private static let pingStrikes = 2

    private var frames = HTTP2FrameBudget.burst
    private var settings = HTTP2FrameBudget.settingsBurst
    private var lastFill: UInt64
    private var lastPing: UInt64?
    private var strikes = 0

    package init(now: UInt64) {
        lastFill = now
    }

    /// A frame has come.
    package mutating func received(_ frame: HTTP2FrameScanner.Frame, isIdle: Bool, now: UInt64) -> Verdict {
        typealias Frame = HTTP2FrameScanner.Frame
        switch frame.type {
        case Frame.headers: earn()
        case Frame.data where frame.length > 0 || frame.flags & Frame.endsStream != 0: earn()
        case Frame.ping where frame.flags & Frame.acknowledges == 0:
            guard spend(now) else { return .tooManyFrames }
            return pinged(isIdle: isIdle, now: now)
        case Frame.settings where frame.flags & Frame.acknowledges == 0:
            settings -= 1
            guard spend(now), settings >= 0 else { return .tooManyFrames }
        default:
            guard spend(now) else { return .tooManyFrames }
        }
        return .fine
    }

    /// A frame with data or headers was sent.
    package mutating func sent() {
        earn()
        strikes = 0
        lastPing = nil
    }

    private mutating func earn() {
        frames = min(frames + Self.perUse, Self.most)
    }

    private mutating func spend(_ now: UInt64) -> Bool {
        frames -= 1
        if frames < 0 || settings < 0 { fill(now) }
        return frames >= 0
    }

    /// Adds what the time since the last filling brings, in whole frames.
    private mutating func fill(_ now: UInt64) {
        let elapsed = min(now &- lastFill, 60 * Self.nanosecondsPerSecond)
        guard elapsed >= Self.nanosecondsPerSecond / Self.settingsPerSecond else { return }
        lastFill = now
        frames = min(frames + Int(elapsed * Self.perSecond / Self.nanosecondsPerSecond), max(frames, Self.burst))
        settings = min(
            settings + Int(elapsed * Self.settingsPerSecond / Self.nanosecondsPerSecond), Self.settingsBurst)
    }

    private mutating func pinged(isIdle: Bool, now: UInt64) -> Verdict {
        defer { lastPing = now }
        guard let lastPing, now - lastPing < (isIdle ? Self.idlePingInterval : Self.pingInterval) else { return .fine }
        strikes += 1
        return strikes > Self.pingStrikes ? .tooManyPings : .fine
    }
}
