// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A server that answers each connection as a test says, with one thread per connection.
package final class ScriptedHTTPServer: Sendable {
    /// One accepted connection, for a thread of its own.
    package struct Connection: Sendable {
        package let peer: RawPeer

        /// Everything up to the empty line after the head.
        package func head() throws -> String {
            var bytes: [UInt8] = []
            while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) { bytes += try peer.receiveBlocking(1) }
            return String(decoding: bytes, as: UTF8.self)
        }

        package func send(_ text: String) throws {
            try peer.sendBlocking(Array(text.utf8))
        }
    }

    private let listener: LoopbackListener
    private let threads = Threads()

    private final class Threads: Sendable {
        let all = Guarded<[EventLoop]>([])
    }

    /// Answers on the loopback.
    package init(v6: Bool = false, _ answer: @escaping @Sendable (Connection) throws -> Void) throws {
        listener = try LoopbackListener(v6: v6)
        try serve(answer)
    }

    /// Answers on a Unix socket.
    package init(path: String, _ answer: @escaping @Sendable (Connection) throws -> Void) throws {
        listener = try LoopbackListener(path: path)
        try serve(answer)
    }

    /// The port; 0 on a Unix socket.
    package var port: UInt16 { listener.port }

    /// The address of a URL, without the scheme.
    package var host: String { "127.0.0.1:\(port)" }

    /// Ends the server, and waits for the thread of every connection.
    package func stop() async throws {
        listener.stop()
        let threads = threads
        try await onThread {
            // The first thread accepts connections, and starts no others once it has ended.
            while let thread = threads.all.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { thread.join() }
        }
    }

    private func serve(_ answer: @escaping @Sendable (Connection) throws -> Void) throws {
        let (threads, listener) = (threads, listener)
        try Self.spawn(threads) {
            while let socket = listener.accept() {
                guard let peer = try? RawPeer(adopting: socket) else { continue }
                try? Self.spawn(threads) { try? answer(Connection(peer: peer)) }
            }
        }
    }

    private static func spawn(_ threads: Threads, _ body: @escaping @Sendable () -> Void) throws {
        let thread = try EventLoop(name: "http server")
        try thread.start()
        threads.all.withLock { $0.append(thread) }
        thread.execute {
            body()
            thread.stop()
        }
    }
}

/// Lets a server answer while a test runs.
package func withHTTPServer(
    _ server: ScriptedHTTPServer, _ body: (ScriptedHTTPServer) async throws -> Void
) async throws {
    do {
        try await body(server)
    } catch {
        try await server.stop()
        throw error
    }
    try await server.stop()
}
