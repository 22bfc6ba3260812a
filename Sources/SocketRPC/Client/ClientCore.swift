// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The connections of a client and the calls that wait for one. It belongs to the loop.
///
/// New calls go to the current connection. Others are retiring: they end with their last call.
final class ClientCore {
    let path: String
    let configuration: ClientConfiguration
    let loop: EventLoop
    /// For one message at a time, on its way in or out.
    let arena = Arena()
    var policy: ReconnectPolicy
    var current: ClientConnection?
    var retiring: [ClientConnection] = []
    var waiting: [ClientCall] = []
    var connectTimer: TimerToken?
    var graceTimer: TimerToken?
    var closers: [TaskContinuation<Void>] = []
    private var isPumping = false
    var isClosing = false
    var isClosed = false

    init(path: String, configuration: ClientConfiguration, loop: EventLoop) {
        self.path = path
        self.configuration = configuration
        self.loop = loop
        policy = ReconnectPolicy(configuration)
    }
}

// Calls.
extension ClientCore {
    /// Sends a call as soon as there is a connection with room for it.
    func start(_ call: ClientCall) {
        guard case .new = call.phase else { return }
        guard !isClosing else { return call.end(.clientClosed, isLocal: true, on: loop) }
        if let deadline = call.deadline {
            guard !deadline.hasPassed(now: loop.nowNanoseconds) else {
                return call.end(.deadlinePassed, isLocal: true, on: loop)
            }
            call.timer = loop.schedule(at: deadline.nanoseconds) { [weak self, weak call] in
                guard let self, let call else { return }
                self.giveUp(call, .deadlinePassed)
            }
        }
        if waiting.isEmpty, let current, current.hasRoom {
            current.open(call)
            return
        }
        guard waiting.count < configuration.waitingCalls else {
            return call.end(.tooManyCalls(configuration.waitingCalls), isLocal: true, on: loop)
        }
        call.phase = .waiting
        waiting.append(call)
        pump()
    }

    /// Ends a call for a reason on this side: its deadline, its caller, or the closing of the client.
    func giveUp(_ call: ClientCall, _ status: RPCStatus) {
        switch call.phase {
        case .new:
            call.end(status, isLocal: true, on: loop)
        case .waiting:
            waiting.removeAll { $0 === call }
            call.end(status, isLocal: true, on: loop)
            closeIfDone()
        case .open(let connection, let id):
            connection.giveUp(call, id, status)
        case .ended:
            break
        }
    }

    /// Gives waiting calls to the current connection while it has room, and connects if there is none.
    func pump() {
        guard !isPumping, !waiting.isEmpty else { return }
        isPumping = true
        defer { isPumping = false }
        while let call = waiting.first {
            if let current {
                guard current.hasRoom else { break }
                waiting.removeFirst()
                current.open(call)
            } else {
                guard connect() else { break }
            }
        }
    }

    func failWaiting(_ status: RPCStatus) {
        let calls = waiting
        waiting = []
        for call in calls { call.end(status, isLocal: false, on: loop) }
        closeIfDone()
    }
}

// Sending on streams.
extension ClientCore {
    /// Sends a message, or the half close, depending on the phase of the call.
    func send(_ waiter: SendWaiter, of call: ClientCall, _ stream: StreamEndpoint) {
        guard !waiter.isCancelled else { return waiter.finish(.callCancelled) }
        switch call.phase {
        case .ended(let status):
            // The half close changes nothing; the reader gets the status after what was received before.
            waiter.finish(waiter.encode == nil ? nil : status ?? .callEnded)
        case .new:
            stream.request = waiter.encode
            start(call)
            waiter.finish(call.endStatus)
        case .waiting where call.kind.clientStreams:
            stream.block(waiter)
        case .open(let connection, _) where call.kind.clientStreams:
            connection.send(waiter, of: call, stream)
        case .waiting, .open:
            waiter.finish(waiter.encode == nil ? nil : .misuse("\(call.method) takes one message"))
        }
    }
}
