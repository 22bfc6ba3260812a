// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// One connection of a client: it moves the bytes and performs the actions of its `ClientStreams`.
///
/// Everything happens on the loop. Reading never waits for writing.
final class ClientConnection: EventHandler, Flushable {
    /// The number of bytes that are read at once.
    static let readSize = 64 << 10
    /// A buffer that has grown beyond this is shrunk once it is empty.
    static let spareCapacity = 512 << 10

    /// The owner of the connection, until it is closed.
    var core: ClientCore?
    let loop: EventLoop
    let path: String
    let configuration: ClientConfiguration
    let arena: Arena
    let socket: FileDescriptor
    var registration: Registration?
    var decoder = FrameDecoder()
    var input = ByteBuffer()
    var output = ByteBuffer()
    var streams: ClientStreams
    var calls: [UInt32: ClientCall] = [:]
    /// Streaming calls that wait for room.
    var blocked: [ClientCall] = []
    /// The total number of bytes that were put into `output`.
    var appended: UInt64 = 0
    /// The number of those that the kernel took.
    var written: UInt64 = 0
    var isFlushSet = false
    /// Whether the kernel takes no more at the moment.
    var isWriteBlocked = false
    /// Whether reading waits for the reader of a call.
    var isReadPaused = false
    /// Ends the call whose reader keeps the other calls waiting.
    var readerTimer: TimerToken?
    var isRetiring = false
    var hasAnswered = false
    var flushTimer: TimerToken?

    init(_ socket: consuming FileDescriptor, core: ClientCore) throws(SystemError) {
        self.core = core
        loop = core.loop
        path = core.path
        configuration = core.configuration
        arena = core.arena
        streams = ClientStreams(limits: core.configuration.streams)
        self.socket = socket
        registration = try loop.register(self.socket.rawValue, interest: .read, handler: self)
    }

    var openCount: Int { streams.openCount }

    /// Whether a call can be opened now.
    var hasRoom: Bool {
        !isRetiring && streams.hasRoom && output.count < configuration.outputHighMark
    }

    func ready(_ events: ReadyEvents) {
        if !events.isDisjoint(with: [.readable, .hangup, .peerClosedWrite, .error]) { read() }
        if registration != nil, events.contains(.writable) { write() }
    }
}

// The end.
extension ClientConnection {
    /// Accepts no new calls from here on; closes when the open ones are over.
    func retire() {
        guard !isRetiring else { return }
        isRetiring = true
        core?.connectionRetired(self)
        closeIfRetired()
    }

    func closeIfRetired() {
        guard isRetiring, registration != nil, openCount == 0 else { return }
        if output.isEmpty {
            let core = core
            shut()
            core?.connectionClosed(self)
        } else if flushTimer == nil {
            flushTimer = loop.schedule(after: configuration.flushWait) { [weak self] in
                guard let self else { return }
                self.output.removeAll()
                self.flushTimer = nil
                self.closeIfRetired()
            }
        }
    }

    /// The connection is lost, or useless.
    ///
    /// - Parameter status: The status for the calls, if the loss itself is not the reason.
    func lose(_ status: RPCStatus? = nil) {
        guard registration != nil else { return }
        let core = core
        var lost: [(call: ClientCall, wasWritten: Bool)] = []
        for loss in streams.connectionLost(written: written) {
            guard let call = calls[loss.id] else { continue }
            if let status {
                call.end(status, isLocal: false, on: loop)
            } else {
                lost.append((call, loss.wasWritten))
            }
        }
        shut()
        core?.connectionLost(self, lost)
    }

    /// Ends all calls, sends what can be sent at once, and closes.
    func closeNow() {
        guard registration != nil else { return }
        for (id, call) in calls.sorted(by: { $0.key < $1.key }) {
            if streams.abandoned(id).contains(.halfClose) { append(.halfClose(of: id)) }
            call.end(.clientClosed, isLocal: true, on: loop)
        }
        if !isWriteBlocked { _ = try? socket.write(&output) }
        shut()
    }

    private func shut() {
        if let registration { loop.deregister(registration) }
        registration = nil
        if let flushTimer { loop.cancel(flushTimer) }
        flushTimer = nil
        if let readerTimer { loop.cancel(readerTimer) }
        readerTimer = nil
        calls = [:]
        blocked = []
        output.removeAll()
        core = nil
    }
}
