// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The input of a program that uses the whole terminal: keys, and signals of the terminal or a shell.
enum TerminalInput {
    /// The signals to receive. Block them while the process has one thread.
    static let signals: [Signal] = [.hangup, .interrupt, .quit, .terminate, .pause, .continue, .resize]

    /// Passes the input to `take`, on a thread of its own, until `body` has ended.
    static func whileTold<Value>(
        of keys: TerminalKeys?, _ take: @escaping @Sendable (LiveTop.Input) -> Void,
        _ body: () async throws -> Value
    ) async throws -> Value {
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
        // While this process is in the background, the input belongs to another one.
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
