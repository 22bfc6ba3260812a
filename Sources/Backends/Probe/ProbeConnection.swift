// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SystemIO

/// A TCP connection of a probe: made, and closed at once. All of it belongs to the loop.
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
    private var continuation: CheckedContinuation<ProbeFailure?, Never>?
    private var isOver = false

    init(to address: String, port: UInt16, timeout: Duration, loop: EventLoop) {
        self.address = address
        self.port = port
        self.timeout = timeout
        self.loop = loop
    }

    /// Begins; the continuation gets nil when somebody has accepted.
    func begin(_ continuation: CheckedContinuation<ProbeFailure?, Never>) {
        guard !isOver else { return continuation.resume(returning: .cancelled) }
        self.continuation = continuation
        do throws(SystemError) {
            guard let made = try TCPSocket.connect(address: address, port: port) else {
                return end(with: ProbeFailure("\(address) is no address"))
            }
            let socket = Socket(made)
            registration = try loop.register(socket.descriptor.rawValue, interest: .write, handler: self)
            self.socket = socket
        } catch {
            return end(with: ProbeFailure(error.description))
        }
        timer = loop.schedule(after: timeout) { [weak self] in
            guard let self else { return }
            end(with: ProbeFailure("no connection to port \(port) within \(timeout.text)"))
        }
    }

    func ready(_ events: ReadyEvents) {
        do throws(SystemError) {
            if let socket { try TCPSocket.finish(socket.descriptor, address: address, port: port) }
            end(with: nil)
        } catch {
            end(with: ProbeFailure(error.description))
        }
    }

    /// Closes the connection. Does nothing when it is over.
    func end(with failure: ProbeFailure?) {
        isOver = true
        if let timer { loop.cancel(timer) }
        timer = nil
        if let registration { loop.deregister(registration) }
        registration = nil
        socket = nil
        continuation?.resume(returning: failure)
        continuation = nil
    }
}
