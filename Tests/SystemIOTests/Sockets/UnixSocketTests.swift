// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct UnixSocketTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("socket")
    }

    @Test func `a connection is accepted, and bytes go both ways`() async throws {
        let listener = try UnixSocket.listen(path: path)
        let peer = try RawPeer(path: path)
        let accepted = try Self.accept(listener)
        #expect(TestProcess.isNonBlocking(accepted))
        #expect(TestProcess.isCloseOnExec(accepted))
        let other = try RawPeer(adopting: FileDescriptor(adopting: accepted))
        try await peer.send([1, 2])
        #expect(try await other.receive(2) == [1, 2])
        try await other.send([3])
        #expect(try await peer.receive(1) == [3])
    }

    @Test func `a listener without callers does not block`() throws {
        let listener = try UnixSocket.listen(path: path)
        #expect(TestProcess.isNonBlocking(listener.rawValue))
        #expect(TestProcess.isCloseOnExec(listener.rawValue))
        switch try UnixSocket.accept(listener) {
        case .wouldBlock: break
        case .accepted: Issue.record("no process connected")
        case .tooManyFiles: Issue.record("there are descriptors left")
        case .transient: Issue.record("no process connected")
        }
    }

    @Test(arguments: [UInt32(0o600), 0o660, 0o666, 0o700])
    func `a socket has exactly the permissions it was given`(mode: UInt32) throws {
        let listener = try UnixSocket.listen(path: path, mode: mode)
        #expect(try File.mode(of: path) == mode)
        _ = consume listener
    }

    @Test func `a path that is taken is refused`() throws {
        let listener = try UnixSocket.listen(path: path)
        let error = #expect(throws: SystemError.self) { try Self.listenAndClose(path) }
        #expect(error?.description == "cannot bind \(path): Address already in use")
        #expect(try File.kind(of: path) == .socket)
        _ = consume listener
    }

    @Test func `a path that is too long is refused with its length`() throws {
        let long = directory.file(String(repeating: "x", count: 200))
        let expected =
            "\(long), whose \(long.utf8.count) bytes are longer than the limit of 107 for sockets: File name too long"
        let bound = #expect(throws: SystemError.self) { try Self.listenAndClose(long) }
        #expect(bound?.description == "cannot bind \(expected)")
        let connected = #expect(throws: SystemError.self) { _ = try RawPeer(path: long) }
        #expect(connected?.description == "cannot connect to \(expected)")
    }

    @Test func `the longest path that fits works`() throws {
        let rest = 107 - directory.file("").utf8.count
        let longest = directory.file(String(repeating: "x", count: rest))
        let listener = try UnixSocket.listen(path: longest)
        _ = try RawPeer(path: longest)
        _ = consume listener
    }

    @Test func `an empty path is refused`() {
        #expect(throws: SystemError.self) { try Self.listenAndClose("") }
    }

    private static func listenAndClose(_ path: String) throws {
        _ = try UnixSocket.listen(path: path)
    }

    @Test func `a refused connection and a missing socket are different errors`() throws {
        let absent = #expect(throws: SystemError.self) { _ = try UnixSocket.connectBlocking(path: path) }
        #expect(absent?.isNotFound == true)
        try Self.listenAndClose(path)
        let refused = #expect(throws: SystemError.self) { try Self.connectAndClose(path) }
        #expect(refused?.isConnectionRefused == true)
        #expect(refused?.description == "cannot connect to \(path): Connection refused")
    }

    private static func connectAndClose(_ path: String) throws {
        switch try UnixSocket.connect(path: path) {
        case .connected: break
        case .backlogFull: break
        }
    }

    @Test func `a full backlog is told, or waited for as long as there is time`() async throws {
        let listener = try UnixSocket.listen(path: path, backlog: 0)
        var waiting: [Int32] = []
        var isFull = false
        while !isFull && waiting.count < 100 {
            switch try UnixSocket.connect(path: path) {
            case .connected(let socket):
                #expect(TestProcess.isNonBlocking(socket.rawValue))
                waiting.append(socket.release())
            case .backlogFull: isFull = true
            }
        }
        #expect(isFull)
        let error = #expect(throws: SystemError.self) {
            _ = try UnixSocket.connectBlocking(path: path, timeout: .milliseconds(10))
        }
        #expect(error?.isTimeout == true)
        // Once there is room again, a caller that waits gets in.
        let (expected, callee) = (waiting.count + 1, listener.release())
        async let late = onThread { [path] in
            try UnixSocket.connectBlocking(path: path, timeout: .seconds(60)).release()
        }
        try await onThread {
            let listener = FileDescriptor(adopting: callee)
            for _ in 0..<expected {
                _ = try listener.wait(for: .read, timeout: .seconds(60))
                _ = FileDescriptor(adopting: try Self.accept(listener))
            }
        }
        for number in waiting { _ = FileDescriptor(adopting: number) }
        let socket = FileDescriptor(adopting: try await late)
        #expect(!TestProcess.isNonBlocking(socket.rawValue))
    }

    @Test func `the end of all descriptors is told`() async {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory()
            let listener = try UnixSocket.listen(path: directory.file("socket"))
            let peer = try RawPeer(path: directory.file("socket"))
            TestProcess.limitDescriptors(to: 64)
            var isOut = false
            while !isOut {
                do throws(SystemError) {
                    let pair = try UnixSocket.socketPair().take()
                    precondition(pair.0 < 64)
                } catch {
                    precondition(error.isOutOfDescriptors, error.description)
                    isOut = true
                }
            }
            // A pair takes two, so one may be left.
            _ = try? listener.duplicate().release()
            switch try UnixSocket.accept(listener) {
            case .tooManyFiles: break
            case .accepted: preconditionFailure("there was a descriptor left")
            case .wouldBlock: preconditionFailure("no connection waits")
            case .transient: preconditionFailure("the connection is gone")
            }
            _ = peer
        }
    }

    @Test func `the peer's credentials are ours when we connect`() throws {
        let listener = try UnixSocket.listen(path: path)
        let peer = try RawPeer(path: path)
        let accepted = FileDescriptor(adopting: try Self.accept(listener))
        let expected = PeerCredentials(
            pid: ProcessInformation.pid, uid: ProcessInformation.uid, gid: ProcessInformation.gid)
        #expect(try UnixSocket.peerCredentials(accepted) == expected)
        _ = peer
    }

    @Test func `a listening socket is adopted, anything else is not`() throws {
        let number = try UnixSocket.listen(path: path).release()
        let listener = try UnixSocket.adoptListener(number)
        #expect(listener.rawValue == number)
        #expect(TestProcess.isNonBlocking(number))
        let pair = try UnixSocket.socketPair()
        let other = pair.first.rawValue
        let error = #expect(throws: SystemError.self) { _ = try UnixSocket.adoptListener(other) }
        #expect(error?.subject == "descriptor \(other), which is not a listening Unix stream socket")
        #expect(TestProcess.isOpen(other))
        _ = consume pair
    }

    @Test func `shutting down one direction leaves the other`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        try UnixSocket.shutdownWrite(descriptor)
        #expect(try await peer.receiveToEnd().isEmpty)
        try await peer.send([1])
        var buffer = ByteBuffer()
        #expect(try descriptor.read(into: &buffer, atMost: 10) == .bytes(1))
    }

    @Test func `descriptors travel with bytes`() async throws {
        let pair = try UnixSocket.socketPair()
        let (peer, number) = try RawPeer.pair()
        let sent = FileDescriptor(adopting: number)
        #expect(try UnixSocket.send([1, 2], descriptors: [number], over: pair.first) == 2)
        let received = try UnixSocket.receive(atMost: 10, descriptors: 4, from: pair.second)
        #expect(received.bytes == [1, 2])
        #expect(received.descriptors.count == 1)
        #expect(!received.isTruncated)
        let copy = FileDescriptor(adopting: received.descriptors[0])
        #expect(copy.rawValue != sent.rawValue)
        #expect(TestProcess.isCloseOnExec(copy.rawValue))
        var buffer = ByteBuffer([7])
        #expect(try copy.write(&buffer) == .drained)
        #expect(try await peer.receive(1) == [7])
    }

    @Test func `descriptors beyond the limit are closed`() async throws {
        let pair = try UnixSocket.socketPair()
        let (peer, number) = try RawPeer.pair()
        do {
            let sent = FileDescriptor(adopting: number)
            _ = try UnixSocket.send([1], descriptors: [number, number], over: pair.first)
            _ = consume sent
        }
        let received = try UnixSocket.receive(atMost: 10, descriptors: 0, from: pair.second)
        #expect(received == ReceivedDescriptors(bytes: [1], descriptors: [], isTruncated: true))
        #expect(try await peer.receiveToEnd().isEmpty)
    }

    private static func accept(_ listener: borrowing FileDescriptor) throws -> Int32 {
        switch try UnixSocket.accept(listener) {
        case .accepted(let socket): return socket.release()
        case .wouldBlock: throw RawPeer.Failure(description: "no connection waits")
        case .tooManyFiles: throw RawPeer.Failure(description: "there is no descriptor left")
        case .transient: throw RawPeer.Failure(description: "the connection is gone")
        }
    }
}
