// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SystemIO
internal import TestSupport
internal import Testing

/// Failures, which take at most the timeout.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct HTTPTransferFailureTests {
    @Test func `without the library the error says what to install`() async throws {
        try await withTransfer(library: "libnowhere.so.9") { transfer in
            for _ in 0..<2 {
                let error = await failure(transfer, HTTPRequest(url: "http://127.0.0.1:1/", timeout: .seconds(30)))
                #expect(error?.kind == .unavailableLibrary)
                #expect(error?.message.contains("libnowhere.so.9") == true)
                #expect(error?.message.contains("libcurl4") == true)
            }
        }
    }

    @Test func `a library that is another one is refused`() async throws {
        try await withTransfer(library: "libm.so.6") { transfer in
            let error = await failure(transfer, HTTPRequest(url: "http://127.0.0.1:1/", timeout: .seconds(30)))
            #expect(error?.kind == .unavailableLibrary)
            #expect(error?.message.contains("there is no curl_global_init in it") == true)
        }
    }

    @Test(arguments: [false, true])
    func `a connection to a port without a listener is refused`(connectOnly: Bool) async throws {
        let listener = try LoopbackListener()
        let port = listener.port
        listener.stop()
        try await withTransfer { transfer in
            let error = await failure(
                transfer,
                HTTPRequest(url: "http://127.0.0.1:\(port)/x", timeout: .seconds(30), connectOnly: connectOnly))
            #expect(error?.kind == .connect)
            #expect(error?.message == "cannot connect to 127.0.0.1:\(port): Connection refused")
        }
    }

    @Test func `a socket that is not there is named`() async throws {
        try await withTransfer { transfer in
            let error = await failure(
                transfer, HTTPRequest(url: "http://localhost/", timeout: .seconds(30), unixSocket: "/nowhere/s"))
            #expect(error?.kind == .connect)
            #expect(error?.message == "cannot connect to unix:/nowhere/s: No such file or directory")
        }
    }

    @Test func `a socket with a full backlog is told as one`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let listener = try UnixSocket.listen(path: path, backlog: 0)
        let peer = try RawPeer(path: path)
        try await withTransfer { transfer in
            let error = await failure(
                transfer, HTTPRequest(url: "http://localhost/", timeout: .seconds(30), unixSocket: path))
            #expect(error?.message == "cannot connect to unix:\(path): its backlog is full")
        }
        withExtendedLifetime(peer) {}
        _ = consume listener
    }

    @Test func `a name that does not exist is not found`() async throws {
        try await withTransfer { transfer in
            let error = await failure(transfer, HTTPRequest(url: "http://unknown.invalid/", timeout: .seconds(30)))
            #expect(error?.kind == .connect)
        }
    }

    @Test(arguments: [false, true])
    func `a host that does not answer is given up after the time to connect`(connectOnly: Bool) async throws {
        let listener = try LoopbackListener(backlog: 0)
        let (first, second) = (try Filler(listener), try Filler(listener))
        try await withTransfer { transfer in
            let start = MonotonicClock.nowNanoseconds
            let error = await failure(
                transfer,
                HTTPRequest(
                    url: "http://127.0.0.1:\(listener.port)/", timeout: .seconds(60),
                    connectTimeout: .milliseconds(200),
                    connectOnly: connectOnly))
            #expect(error?.kind == .timeout)
            #expect(error?.message == "no connection to 127.0.0.1:\(listener.port) within 200ms")
            #expect(MonotonicClock.nowNanoseconds - start < 20_000_000_000)
        }
        listener.stop()
        withExtendedLifetime((first, second)) {}
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
    func `an answer that does not end is given up after the whole time`(part: String) async throws {
        let server = try ScriptedHTTPServer { connection in
            try connection.send(part)
            _ = try connection.peer.receiveToEndBlocking()
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let error = await failure(
                    transfer, HTTPRequest(url: "http://\(server.host)/", timeout: .milliseconds(200)))
                #expect(error?.kind == .timeout)
                #expect(error?.message == "no answer from \(server.host) within 200ms")
            }
        }
    }

    @Test func `a body that is longer than wanted ends the transfer`() async throws {
        let server = try ScriptedHTTPServer { connection in
            _ = try connection.head()
            try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while true { try connection.send("400\r\n\(String(repeating: "x", count: 1024))\r\n") }
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let error = await failure(
                    transfer, HTTPRequest(url: "http://\(server.host)/", timeout: .seconds(30), bodyLimit: 5000))
                #expect(error == HTTPTransferError(.tooLarge, "the answer of \(server.host) has more than 5000 bytes"))
            }
        }
    }

    @Test func `headers without an end are not collected`() async throws {
        let server = try ScriptedHTTPServer { connection in
            _ = try connection.head()
            try connection.send("HTTP/1.1 200 OK\r\n")
            while true { try connection.send("X-A: \(String(repeating: "x", count: 1024))\r\n") }
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let error = await failure(transfer, HTTPRequest(url: "http://\(server.host)/", timeout: .seconds(30)))
                #expect(error?.kind == .tooLarge)
            }
        }
    }

    @Test(arguments: ["", "\u{1}\u{2}\u{3}\n", "220 mail.example\r\n"])
    func `what is not HTTP is not an answer`(text: String) async throws {
        let server = try ScriptedHTTPServer { connection in
            _ = try connection.head()
            try connection.send(text)
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let error = await failure(transfer, HTTPRequest(url: "http://\(server.host)/", timeout: .seconds(30)))
                #expect(error?.kind == .protocol)
                #expect(error?.message.hasPrefix("no HTTP answer from \(server.host): ") == true)
            }
        }
    }

    @Test(arguments: [HTTPRequest.Version.http1, .http2PriorKnowledge])
    func `whatever bytes come back, there is an end`(version: HTTPRequest.Version) async throws {
        let seeds = Counter()
        let server = try ScriptedHTTPServer { connection in
            seeds.increment()
            var state = UInt64(seeds.value)
            var bytes: [UInt8] = version == .http1 ? Array("HTTP/1.1 200 OK\r\nA: ".utf8) : []
            for _ in 0..<2000 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(UInt8(truncatingIfNeeded: state >> 40) & (state >> 60 == 0 ? 0xff : 0x0d))
            }
            try connection.peer.sendBlocking(bytes)
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                for _ in 0..<50 {
                    let request = HTTPRequest(url: "http://\(server.host)/", timeout: .seconds(30), version: version)
                    _ = try? await transfer.perform(request)
                }
            }
        }
        #expect(seeds.value == 50)
    }

    @Test(arguments: [
        HTTPRequest(url: "ftp://127.0.0.1/", timeout: .seconds(30)),
        HTTPRequest(method: "GET x", url: "http://127.0.0.1:1/", timeout: .seconds(30)),
        HTTPRequest(url: "http://127.0.0.1:1/", headers: [HTTPHeader("a b", "c")], timeout: .seconds(30)),
        HTTPRequest(url: "http://127.0.0.1:1/", headers: [HTTPHeader("a", "b\r\nc: d")], timeout: .seconds(30)),
        HTTPRequest(url: "http://127.0.0.1:1/", timeout: .seconds(30), unixSocket: "/a\0b"),
    ])
    func `a request that cannot be sent is refused`(request: HTTPRequest) async throws {
        try await withTransfer { transfer in
            #expect(await failure(transfer, request)?.kind == .protocol)
        }
    }

    @Test func `a cancelled request closes its connection at once`() async throws {
        let (begun, ended) = (AsyncSignal<Void>(), AsyncSignal<Void>())
        let server = try ScriptedHTTPServer { connection in
            _ = try connection.head()
            begun.send()
            _ = try connection.peer.receiveToEndBlocking()
            ended.send()
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let task = Task {
                    await failure(transfer, HTTPRequest(url: "http://\(server.host)/", timeout: .seconds(86_400)))
                }
                await begun.wait()
                task.cancel()
                #expect(await task.value?.kind == .cancelled)
                await ended.wait()
            }
        }
    }

    @Test func `a request of a cancelled task is not begun`() async throws {
        try await withTransfer { transfer in
            let gate = AsyncSignal<Void>()
            let task = Task {
                await gate.wait()
                return await failure(transfer, HTTPRequest(url: "http://127.0.0.1:1/", timeout: .seconds(30)))
            }
            task.cancel()
            gate.send()
            #expect(await task.value?.kind == .cancelled)
        }
    }

    @Test func `nothing is left of requests that ended, failed or were cancelled at any moment`() async throws {
        try await withTransfer { transfer in
            // The first request opens the library, which may keep what it opens.
            _ = await failure(transfer, HTTPRequest(url: "http://127.0.0.1:1/", timeout: .seconds(30)))
            let before = try ProcessUsage.own().descriptors
            try await requestAndCancel(transfer)
            let isBack = try await descriptorsAreBack(to: before)
            #expect(isBack)
        }
    }

    private func requestAndCancel(_ transfer: HTTPTransfer) async throws {
        let server = try ScriptedHTTPServer { connection in
            _ = try connection.head()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
        }
        try await withHTTPServer(server) { server in
            for round in 0..<200 {
                let task = Task {
                    try await transfer.perform(HTTPRequest(url: "http://\(server.host)/", timeout: .seconds(30)))
                }
                for _ in 0..<round * 4 { await Task.yield() }
                task.cancel()
                _ = await task.result
            }
        }
    }

    /// A connection that takes a place in a backlog.
    private final class Filler: Sendable {
        private let socket: FileDescriptor

        init(_ listener: LoopbackListener) throws {
            socket = try listener.begin()
        }
    }
}
