// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// One connection of a blocking client.
///
/// The socket does not block; waiting is done in one place, for both directions at once, so reading never waits for writing.
final class BlockingConnection {
    private static let readSize = 64 << 10

    private let socket: FileDescriptor
    private let path: String
    let arena: Arena
    var decoder = FrameDecoder()
    var input = ByteBuffer()
    var output = ByteBuffer()
    var streams: ClientStreams
    var endpoints: [UInt32: any BlockingEndpoint] = [:]
    var appended: UInt64 = 0
    private var written: UInt64 = 0
    var isRetiring = false
    private(set) var isLost = false
    /// Calls of which the kernel had nothing when the connection was lost.
    private(set) var unsent: Set<UInt32> = []

    init(
        path: String, configuration: ClientConfiguration, arena: Arena, deadline: CallDeadline
    ) throws(RPCStatus) {
        let remaining = deadline.remaining()
        if remaining == .zero { throw .deadlinePassed }
        do throws(SystemError) {
            socket = try UnixSocket.connectBlocking(
                path: path, timeout: min(remaining ?? configuration.backlogWait, configuration.backlogWait))
            try socket.setNonBlocking(true)
        } catch {
            if error.isTimeout && deadline.remaining() == .zero { throw .deadlinePassed }
            throw .cannotConnect(path, error)
        }
        self.path = path
        self.arena = arena
        streams = ClientStreams(limits: configuration.streams)
    }

    /// Whether a call can be opened.
    var isUsable: Bool { !isLost && !isRetiring && streams.hasRoom }

    /// Moves bytes until `isDone`, or the connection is lost, which tells every endpoint.
    func run(_ deadline: CallDeadline, until isDone: () -> Bool) throws(RPCStatus) {
        while !isDone(), !isLost {
            let interest: Interest = output.isEmpty ? .read : [.read, .write]
            let events: ReadyEvents
            do throws(SystemError) {
                events = try socket.wait(for: interest, timeout: deadline.remaining())
            } catch {
                throw RPCStatus(.internal, reason: "CLIENT_FAULT", "\(error)")
            }
            guard !events.isEmpty else { throw .deadlinePassed }
            if !events.isDisjoint(with: [.readable, .hangup, .error]) && !read() { lose() }
            if events.contains(.writable) { write() }
        }
    }

    /// Sends what the kernel takes.
    func write() {
        guard !isLost else { return }
        let before = output.count
        do throws(SystemError) {
            _ = try socket.write(&output)
            written += UInt64(before - output.count)
        } catch {
            written += UInt64(before - output.count)
            // What the peer said before it closed still counts.
            var left = 1024
            while left > 0, read(isLast: true) { left -= 1 }
            lose()
        }
    }

    /// Reads once. Returns whether there may be more.
    private func read(isLast: Bool = false) -> Bool {
        var buffer = ByteBuffer()
        swap(&buffer, &input)
        defer { swap(&buffer, &input) }
        do throws(SystemError) {
            switch try socket.read(into: &buffer, atMost: Self.readSize) {
            case .bytes:
                parse(&buffer)
                return !isLost
            case .wouldBlock:
                return !isLast
            case .endOfFile:
                return false
            }
        } catch {
            return false
        }
    }

    /// The connection is gone, or of no use.
    func lose(_ status: RPCStatus? = nil) {
        guard !isLost else { return }
        isLost = true
        for loss in streams.connectionLost(written: written) {
            if !loss.wasWritten { unsent.insert(loss.id) }
            endpoints[loss.id]?.ended(status ?? .connectionLost(path, wasWritten: loss.wasWritten))
        }
        endpoints = [:]
        output.removeAll()
    }
}
