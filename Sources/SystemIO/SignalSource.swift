// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem

/// Signals of the process, delivered on an event loop.
///
/// A signal only comes here when every thread blocks it: call `block` at the start of the program, before there are other
/// threads. Event loops' threads block all signals by themselves, children of `ChildProcess` start with none blocked.
/// All of it, but for `block`, belongs to the loop.
package final class SignalSource {
    private let descriptor: FileDescriptor
    private let loop: EventLoop
    private var registration: Registration?
    private var onSignal: ((Signal) -> Void)?

    /// Blocks signals in the calling thread and in those that it will make.
    package static func block(_ signals: [Signal]) throws(SystemError) {
        let code = unsafe csys_signals_block(signals.map(\.rawValue), signals.count)
        guard code == 0 else { throw SystemError(code: code, call: "block signals") }
    }

    /// Lets a signal that was blocked do to this process what it does to any: most end it. Returns where it is ignored.
    package static func raise(_ signal: Signal) throws(SystemError) {
        let code = csys_signal_raise(signal.rawValue)
        guard code == 0 else { throw SystemError(code: code, call: "raise signal") }
    }

    /// Blocks the signals in the calling thread, and calls `onSignal` on the loop for each that arrives, until cancelled.
    package init(_ signals: [Signal], loop: EventLoop, onSignal: @escaping (Signal) -> Void) throws(SystemError) {
        try Self.block(signals)
        let number = unsafe csys_signalfd_create(signals.map(\.rawValue), signals.count)
        guard number >= 0 else { throw .last("make a signalfd") }
        descriptor = FileDescriptor(adopting: number)
        self.loop = loop
        self.onSignal = onSignal
        registration = try loop.register(number, interest: .read, handler: self)
    }

    /// Ends the delivery and lets go of the closure; the signals stay blocked.
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
