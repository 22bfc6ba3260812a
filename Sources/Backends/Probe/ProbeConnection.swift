// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SystemIO

/// A TCP connection of a probe, closed as soon as it is accepted. Use it on the loop only.
final class ProbeConnection: EventHandler {
    private final class Socket {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) {
            self.descriptor = descriptor
        }
    }

    private let address: String
    private let port: UInt16
    private let timeout: Duration
    private let loop: EventLoop
    private var socket: Socket?
    private var registration: Registration?
    private var timer: TimerToken?
    private let answer: OneShot<Problem?>
    private var isOver = false

    /// `answer` is set to nil when the connection is accepted.
    init(to address: String, port: UInt16, timeout: Duration, loop: EventLoop, answer: OneShot<Problem?>) {
        self.answer = answer
        self.address = address
        self.port = port
        self.timeout = timeout
        self.loop = loop
    }

    /// Begins to connect. Does nothing after ``end(with:)``.
    func begin() {
        guard !isOver else { return }
        do throws(SystemError) {
            guard let made = try TCPSocket.connect(address: address, port: port) else {
                return end(with: Problem("\(address) is not an IP address"))
            }
            let socket = Socket(made)
            registration = try loop.register(socket.descriptor.rawValue, interest: .write, handler: self)
            self.socket = socket
        } catch {
            return end(with: Problem(error.description))
        }
        timer = loop.schedule(after: timeout) { [weak self] in
            guard let self else { return }
            end(with: Problem("no connection to port \(port) within \(timeout.exactText)"))
        }
    }

    func ready(_ events: ReadyEvents) {
        do throws(SystemError) {
            if let socket { try TCPSocket.finish(socket.descriptor, address: address, port: port) }
            end(with: nil)
        } catch {
            end(with: Problem(error.description))
        }
    }

    /// Closes the connection. Does nothing the second time.
    func end(with problem: Problem?) {
        isOver = true
        if let timer { loop.cancel(timer) }
        timer = nil
        if let registration { loop.deregister(registration) }
        registration = nil
        socket = nil
        answer.set(problem)
    }
}
