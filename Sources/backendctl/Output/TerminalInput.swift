// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// What a user does to a program that has the whole terminal: keys, and the signals a terminal or a shell sends.
enum TerminalInput {
    /// To be blocked before there is a second thread.
    static let signals: [Signal] = [.hangup, .interrupt, .quit, .terminate, .pause, .continue, .resize]

    /// Tells `take` what comes in, on a thread of its own, until `body` has ended.
    static func whileTold<Result>(
        of keys: TerminalKeys?, _ take: @escaping @Sendable (LiveTop.Input) -> Void,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let loop = try EventLoop(name: "terminal")
        try loop.start()
        defer {
            loop.stop()
            loop.join()
        }
        let watch = try await loop.run { LoopBound(try TerminalWatch(keys, loop, take), on: loop) }
        do {
            let result = try await body()
            await loop.run { watch.withValue { $0.cancel() } }
            return result
        } catch {
            await loop.run { watch.withValue { $0.cancel() } }
            throw error
        }
    }
}

private final class TerminalWatch: EventHandler {
    private let keys: TerminalKeys?
    private let loop: EventLoop
    private let take: (LiveTop.Input) -> Void
    private var registration: Registration?
    private var signals: SignalSource?

    init(
        _ keys: TerminalKeys?, _ loop: EventLoop, _ take: @escaping @Sendable (LiveTop.Input) -> Void
    ) throws(SystemError) {
        (self.keys, self.loop, self.take) = (keys, loop, take)
        signals = try SignalSource(TerminalInput.signals, loop: loop) { take(.signal($0)) }
        if let keys { registration = try loop.register(keys.rawValue, interest: .read, handler: self) }
    }

    func ready(_ events: ReadyEvents) {
        // What waits is another process's while this one is in the background.
        guard let keys else { return }
        guard let bytes = keys.read(), !events.contains(.hangup) else {
            forgetKeys()
            return take(.terminalGone)
        }
        if !bytes.isEmpty { take(.keys(bytes)) }
    }

    func cancel() {
        signals?.cancel()
        forgetKeys()
    }

    private func forgetKeys() {
        if let registration { loop.deregister(registration) }
        registration = nil
    }
}
