// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// A signal's number.
package struct Signal: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    package static let hangup = Signal(rawValue: SIGHUP)
    package static let interrupt = Signal(rawValue: SIGINT)
    package static let quit = Signal(rawValue: SIGQUIT)
    package static let kill = Signal(rawValue: SIGKILL)
    package static let terminate = Signal(rawValue: SIGTERM)
    package static let user1 = Signal(rawValue: SIGUSR1)
    package static let user2 = Signal(rawValue: SIGUSR2)
    package static let stop = Signal(rawValue: SIGSTOP)
    package static let `continue` = Signal(rawValue: SIGCONT)
    /// A terminal asks for a suspension.
    package static let pause = Signal(rawValue: SIGTSTP)
    /// The size of the terminal has changed.
    package static let resize = Signal(rawValue: SIGWINCH)

    /// Signals that mean nothing to a daemon but end or stop a program that does not handle them. The last are the
    /// real-time signals.
    package static let withoutMeaning: [Signal] =
        [
            SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGPOLL, SIGTTIN, SIGTTOU, SIGXCPU, SIGXFSZ, SIGPWR,
            SIGSTKFLT,
        ].map { Signal(rawValue: $0) } + (34...64).map { Signal(rawValue: $0) }
}

/// Signals of the process, delivered on an event loop.
///
/// A signal is delivered here only if every thread blocks it: call `block` at the start of the program, before it has
/// other threads. The threads of event loops block all signals; children of `ChildProcess` start with none blocked. Use
/// it, except for the static functions, on the loop only.
package final class SignalSource {
    private let descriptor: FileDescriptor
    private let loop: EventLoop
    private var registration: Registration?
    private var onSignal: ((Signal) -> Void)?

    /// Blocks signals in the calling thread and in those that it will create.
    package static func block(_ signals: [Signal]) throws(SystemError) {
        let code = unsafe csys_signals_block(signals.map(\.rawValue), signals.count)
        guard code == 0 else { throw SystemError(code: code, call: "block signals") }
    }

    /// Unblocks all signals in the calling thread.
    package static func unblockAll() {
        _ = csys_signals_unblock()
    }

    /// Raises a signal that was blocked with its default effect, which for most signals is to end this process. Returns
    /// if the signal is ignored.
    package static func raise(_ signal: Signal) throws(SystemError) {
        let code = csys_signal_raise(signal.rawValue)
        guard code == 0 else { throw SystemError(code: code, call: "raise signal") }
    }

    /// Blocks the signals in the calling thread, and calls `onSignal` on the loop for each that arrives, until
    /// cancelled.
    package init(_ signals: [Signal], loop: EventLoop, onSignal: @escaping (Signal) -> Void) throws(SystemError) {
        try Self.block(signals)
        let number = unsafe csys_signalfd_create(signals.map(\.rawValue), signals.count)
        guard number >= 0 else { throw .last("create a signalfd") }
        descriptor = FileDescriptor(adopting: number)
        self.loop = loop
        self.onSignal = onSignal
        registration = try loop.register(number, interest: .read, handler: self)
    }

    /// Ends the delivery and releases the closure; the signals stay blocked.
    package func cancel() {
        onSignal = nil
        guard let registration else { return }
        self.registration = nil
        loop.deregister(registration)
    }
}

extension SignalSource: EventHandler {
    package func ready(_ events: ReadyEvents) {
        // A callback may cancel.
        while let onSignal {
            var (pid, uid): (Int32, UInt32) = (0, 0)
            let number = unsafe csys_signalfd_read(descriptor.rawValue, &pid, &uid)
            guard number > 0 else { return }
            onSignal(Signal(rawValue: number))
        }
    }
}
