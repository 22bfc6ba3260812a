// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct FileDescriptorTests {
    @Test func `the last owner closes, and the peer sees the end`() async throws {
        let (peer, number) = try RawPeer.pair()
        do {
            let descriptor = FileDescriptor(adopting: number)
            #expect(descriptor.rawValue == number)
        }
        #expect(try await peer.receiveToEnd().isEmpty)
    }

    @Test func `a released descriptor stays open`() async throws {
        let (peer, number) = try RawPeer.pair()
        let released = FileDescriptor(adopting: number).release()
        #expect(TestProcess.isOpen(released))
        let again = FileDescriptor(adopting: released)
        var buffer = ByteBuffer([1])
        #expect(try again.write(&buffer) == .drained)
        #expect(try await peer.receive(1) == [1])
    }

    @Test func `a duplicate outlives the original`() async throws {
        let (peer, number) = try RawPeer.pair()
        let duplicate = try FileDescriptor(adopting: number).duplicate()
        #expect(TestProcess.isCloseOnExec(duplicate.rawValue))
        var buffer = ByteBuffer([1])
        #expect(try duplicate.write(&buffer) == .drained)
        #expect(try await peer.receive(1) == [1])
    }

    @Test func `a read tells bytes, nothing yet, and the end`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        var buffer = ByteBuffer([9])
        #expect(try descriptor.read(into: &buffer, atMost: 10) == .wouldBlock)
        try await peer.send([1, 2, 3])
        #expect(try descriptor.read(into: &buffer, atMost: 2) == .bytes(2))
        #expect(try descriptor.read(into: &buffer, atMost: 10) == .bytes(1))
        #expect(buffer.copied() == [9, 1, 2, 3])
        try peer.shutdownWrite()
        #expect(try descriptor.read(into: &buffer, atMost: 10) == .endOfFile)
        #expect(buffer.count == 4)
    }

    @Test func `a write that does not fit leaves the rest, and goes on later`() async throws {
        let (peer, number) = try RawPeer.pair()
        let descriptor = FileDescriptor(adopting: number)
        let sent = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        var buffer = ByteBuffer(sent)
        #expect(try descriptor.write(&buffer) == .wouldBlock)
        #expect(buffer.count > 0 && buffer.count < sent.count)

        let (released, rest) = (descriptor.release(), buffer.copied())
        async let received = peer.receive(sent.count)
        try await onThread {
            let descriptor = FileDescriptor(adopting: released)
            var buffer = ByteBuffer(rest)
            while try descriptor.write(&buffer) == .wouldBlock {
                let events = try descriptor.wait(for: .write, timeout: .seconds(60))
                #expect(events.contains(.writable))
            }
        }
        #expect(try await received == sent)
    }

    @Test func `a peer that is gone is an error and no signal`() throws {
        let (first, second) = try UnixSocket.socketPair().take()
        let descriptor = FileDescriptor(adopting: first)
        _ = FileDescriptor(adopting: second)
        var buffer = ByteBuffer([1])
        let error = #expect(throws: SystemError.self) { try Self.write(descriptor, &buffer) }
        #expect(error?.isDisconnect == true)
        #expect(buffer.count == 1)
    }

    private static func write(_ descriptor: borrowing FileDescriptor, _ buffer: inout ByteBuffer) throws {
        _ = try descriptor.write(&buffer)
    }

    @Test func `unread bytes at the peer's end make a reset`() async throws {
        let (peer, number) = try RawPeer.pair()
        try await peer.send([1])
        let other = FileDescriptor(adopting: number)
        var buffer = ByteBuffer([2])
        _ = try other.write(&buffer)
        _ = consume other
        #expect(try await peer.receiveToEnd() == [2])
    }

    @Test func `waiting ends with the time`() async throws {
        let (peer, number) = try RawPeer.pair()
        let quiet = FileDescriptor(adopting: number)
        #expect(try quiet.wait(for: .write, timeout: .zero) == .writable)
        let start = MonotonicClock.nowNanoseconds
        #expect(try quiet.wait(for: .read, timeout: .milliseconds(5)).isEmpty)
        #expect(MonotonicClock.nowNanoseconds - start >= 5_000_000)
        try await peer.send([1])
        #expect(try quiet.wait(for: .read, timeout: nil) == .readable)
    }
}
