// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc
package import SystemIO

/// One end of a Unix socket that sends and receives bytes, with a time limit far above any normal delay.
///
/// Calls that can block run on a thread of their own, never on a thread that runs the tasks of tests.
package final class RawPeer: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    private static let patience = Duration.seconds(60)
    private let socket: FileDescriptor

    /// Connects to a path.
    package init(path: String) throws(SystemError) {
        socket = try UnixSocket.connectBlocking(path: path, timeout: Self.patience)
    }

    /// Takes over a connected socket and makes it block.
    package init(adopting descriptor: consuming FileDescriptor) throws(SystemError) {
        try descriptor.setNonBlocking(false)
        socket = descriptor
    }

    /// A peer, and the other end of its connection, which does not block.
    package static func pair() throws(SystemError) -> (RawPeer, Int32) {
        let (first, second) = try UnixSocket.socketPair().take()
        return (try RawPeer(adopting: FileDescriptor(adopting: first)), second)
    }

    /// The descriptor's number, for options and credentials.
    package var rawValue: Int32 { socket.rawValue }

    /// Sends all bytes.
    package func send(_ bytes: [UInt8]) async throws {
        try await onThread { [self] in try sendBlocking(bytes) }
    }

    /// Whether the other end has not read everything that was sent.
    package func hasUnread() throws(SystemError) -> Bool {
        var count: Int32 = 0
        guard unsafe ioctl(socket.rawValue, UInt(TIOCOUTQ), &count) == 0 else { throw .last("ask", "a socket") }
        return count > 0
    }

    /// Receives exactly `count` bytes.
    package func receive(_ count: Int) async throws -> [UInt8] {
        try await onThread { [self] in try receiveBlocking(count) }
    }

    /// Receives until the other end closes; a reset counts as the end.
    package func receiveToEnd() async throws -> [UInt8] {
        try await onThread { [self] in try receiveToEndBlocking() }
    }

    /// Ends this half of the connection.
    package func shutdownWrite() throws {
        try UnixSocket.shutdownWrite(socket)
    }

    /// Makes every later write of the other end fail.
    package func shutdownRead() throws(SystemError) {
        guard shutdown(socket.rawValue, Int32(SHUT_RD)) == 0 else { throw .last("shut down", "a socket") }
    }

    /// Sends all bytes, for a caller that has a thread of its own.
    package func sendBlocking(_ bytes: [UInt8]) throws {
        try UnixSocket.setSendTimeout(Self.patience, on: socket)
        var buffer = ByteBuffer(bytes)
        guard try socket.write(&buffer) == .drained else {
            throw Failure(description: "the other end did not take \(buffer.count) bytes")
        }
    }

    /// Sends what the other end takes at once. Returns the number of bytes.
    package func sendAvailable(_ bytes: ArraySlice<UInt8>) -> Int {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(socket.rawValue, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        }
        return max(count, 0)
    }

    /// Receives exactly `count` bytes, for a caller that has a thread of its own.
    package func receiveBlocking(_ count: Int) throws -> [UInt8] {
        var buffer = ByteBuffer()
        while buffer.count < count {
            switch try read(into: &buffer, atMost: count - buffer.count) {
            case .bytes: continue
            case .endOfFile, .wouldBlock:
                throw Failure(description: "\(buffer.count) bytes came before the end, not \(count)")
            }
        }
        return buffer.copied()
    }

    /// The same, for a caller that has a thread of its own.
    package func receiveToEndBlocking() throws -> [UInt8] {
        var buffer = ByteBuffer()
        while true {
            do {
                guard case .bytes = try read(into: &buffer, atMost: 65536) else { break }
            } catch let error as SystemError where error.isDisconnect {
                break
            }
        }
        return buffer.copied()
    }

    private func read(into buffer: inout ByteBuffer, atMost limit: Int) throws -> ReadResult {
        let events = try socket.wait(for: .read, timeout: Self.patience)
        guard !events.isEmpty else { throw Failure(description: "nothing came in \(Self.patience)") }
        return try socket.read(into: &buffer, atMost: limit)
    }
}
