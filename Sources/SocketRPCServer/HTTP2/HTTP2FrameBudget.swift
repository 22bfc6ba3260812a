// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Limits how many frames a client may send that advance no call, and how often it may ping the server.
///
/// Every frame costs the server something. The budget is refilled by time, and by progress: a request, bytes of a
/// message, a frame that is sent to the client.
package struct HTTP2FrameBudget {
    package enum Verdict: Hashable {
        case fine
        case tooManyPings
        case tooManyFrames
        case tooManyResets
        case tooManyHeaders
    }

    private static let nanosecondsPerSecond: UInt64 = 1_000_000_000
    /// Frames of any type: at once, per second, and per frame that advanced a call.
    private static let burst = 2_000
    private static let perSecond: UInt64 = 500
    private static let perUse = 4
    private static let most = 20_000
    /// SETTINGS frames, each of which is answered and may change every stream.
    private static let settingsBurst = 100
    private static let settingsPerSecond: UInt64 = 10
    /// Calls that end before their answer, because the client reset them or made an error: at once, and per second.
    private static let resetBurst = 1_000
    private static let resetsPerSecond: UInt64 = 200
    /// PING frames (gRPC's proposal A8): the shortest time between two while calls are open, and while none is.
    private static let pingInterval = 300 * nanosecondsPerSecond
    private static let idlePingInterval = 7_200 * nanosecondsPerSecond
    private static let pingStrikes = 2

    private var frames = HTTP2FrameBudget.burst
    private var settings = HTTP2FrameBudget.settingsBurst
    private var resets = HTTP2FrameBudget.resetBurst
    private var lastFill: UInt64
    private var lastPing: UInt64?
    private var strikes = 0

    package init(now: UInt64) {
        lastFill = now
    }

    /// A frame has come.
    package mutating func received(_ frame: HTTP2FrameScanner.Frame, isIdle: Bool, now: UInt64) -> Verdict {
        typealias Frame = HTTP2FrameScanner.Frame
        guard spend(now) else { return .tooManyFrames }
        guard frame.flags & Frame.acknowledges == 0 else { return .fine }
        switch frame.type {
        case Frame.ping: return pinged(isIdle: isIdle, now: now)
        case Frame.settings:
            settings -= 1
            if settings < 0 { fill(now) }
            return settings < 0 ? .tooManyFrames : .fine
        default: return .fine
        }
    }

    /// A frame has carried a request, or bytes for an open call.
    package mutating func used() {
        frames = min(frames + Self.perUse, Self.most)
    }

    /// A call has ended before its answer because of the client.
    package mutating func reset(now: UInt64) -> Verdict {
        resets -= 1
        if resets < 0 { fill(now) }
        return resets < 0 ? .tooManyResets : .fine
    }

    /// A frame with data or headers was sent.
    package mutating func sent() {
        used()
        strikes = 0
        lastPing = nil
    }

    private mutating func spend(_ now: UInt64) -> Bool {
        frames -= 1
        if frames < 0 { fill(now) }
        return frames >= 0
    }

    /// Adds the frames for the time since the last refill.
    private mutating func fill(_ now: UInt64) {
        let elapsed = min(now &- lastFill, 60 * Self.nanosecondsPerSecond)
        guard elapsed >= Self.nanosecondsPerSecond / Self.settingsPerSecond else { return }
        lastFill = now
        frames = Self.filled(frames, elapsed, Self.perSecond, max(frames, Self.burst))
        settings = Self.filled(settings, elapsed, Self.settingsPerSecond, Self.settingsBurst)
        resets = Self.filled(resets, elapsed, Self.resetsPerSecond, Self.resetBurst)
    }

    private static func filled(_ level: Int, _ elapsed: UInt64, _ rate: UInt64, _ most: Int) -> Int {
        min(level + Int(elapsed * rate / nanosecondsPerSecond), most)
    }

    private mutating func pinged(isIdle: Bool, now: UInt64) -> Verdict {
        defer { lastPing = now }
        guard let lastPing, now - lastPing < (isIdle ? Self.idlePingInterval : Self.pingInterval) else { return .fine }
        strikes += 1
        return strikes > Self.pingStrikes ? .tooManyPings : .fine
    }
}
