// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SystemIO
internal import TestSupport
internal import Testing

/// Requests over HTTP/1.1 to servers that answer what the test says.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct HTTPTransferTests {
    @Test func `the answer is status, headers and body`() async throws {
        let heads = Recorder<String>()
        let server = try ScriptedHTTPServer { connection in
            heads.append(try connection.head())
            try connection.send("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nX-A: b\r\n\r\nwait")
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let response = try await transfer.perform(
                    HTTPRequest(
                        url: "http://\(server.host)/health?x=1",
                        headers: [HTTPHeader("X-C", "d"), HTTPHeader("X-E", "")],
                        timeout: .seconds(30)))
                #expect(response.status == 503)
                #expect(response.headers.value(of: "x-a") == "b")
                #expect(response.body == Array("wait".utf8))
            }
        }
        let head = try #require(heads.elements.first)
        #expect(head.hasPrefix("GET /health?x=1 HTTP/1.1\r\nHost: \(server.host)\r\n"))
        #expect(head.contains("X-C: d\r\n") && head.contains("X-E:\r\n"))
    }

    @Test func `a body is sent as it is`() async throws {
        let server = try ScriptedHTTPServer { connection in
            let head = try connection.head()
            let body = try connection.peer.receiveBlocking(5)
            let extra = head.contains("Expect") || head.contains("Content-Type") || !head.hasPrefix("POST / ")
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Extra: \(extra)\r\n\r\n")
            try connection.peer.sendBlocking(body)
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let response = try await transfer.perform(
                    HTTPRequest(
                        method: "POST", url: "http://\(server.host)", body: [0, 1, 2, 255, 10], timeout: .seconds(30)))
                #expect(response.body == [0, 1, 2, 255, 10])
                #expect(response.headers.value(of: "X-Extra") == "false")
            }
        }
    }

    @Test func `a chunked body and its trailers are put together`() async throws {
        let server = try ScriptedHTTPServer { connection in
            _ = try connection.head()
            try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n")
            try connection.send("3\r\nabc\r\n2\r\nde\r\n0\r\nX-T: after\r\n\r\n")
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let response = try await transfer.perform(
                    HTTPRequest(url: "http://\(server.host)/", timeout: .seconds(30)))
                #expect(response.body == Array("abcde".utf8))
                #expect(response.trailers == [HTTPHeader("X-T", "after")])
            }
        }
    }

    @Test func `a redirect is an answer like any other`() async throws {
        let server = try ScriptedHTTPServer { connection in
            _ = try connection.head()
            try connection.send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let response = try await transfer.perform(
                    HTTPRequest(url: "http://\(server.host)/", timeout: .seconds(30)))
                #expect(response.status == 302)
            }
        }
    }

    @Test func `every request has a connection of its own`() async throws {
        let connections = Counter()
        let server = try ScriptedHTTPServer { connection in
            connections.increment()
            while true {
                _ = try connection.head()
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                for _ in 0..<3 {
                    _ = try await transfer.perform(HTTPRequest(url: "http://\(server.host)/", timeout: .seconds(30)))
                }
            }
        }
        #expect(connections.value == 3)
    }

    @Test func `a hundred requests go at once`() async throws {
        // No request is answered before all have come.
        let arrived = Recorder<Int>()
        let gate = AsyncSignal<Void>()
        let server = try ScriptedHTTPServer { connection in
            let head = try connection.head()
            arrived.append(1)
            while gate.value == nil { MonotonicClock.sleep(.milliseconds(5)) }
            let path = head.split(separator: " ")[1]
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(path.utf8.count)\r\n\r\n\(path)")
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            let url = "http://\(server.host)/\(number)"
                            let response = try await transfer.perform(HTTPRequest(url: url, timeout: .seconds(60)))
                            return response.body == Array("/\(number)".utf8)
                        }
                    }
                    _ = await arrived.wait(for: 100)
                    gate.send()
                    for try await isRight in group { #expect(isRight) }
                }
            }
        }
    }

    @Test func `a Unix socket takes the place of the host`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let server = try ScriptedHTTPServer(path: path) { connection in
            _ = try connection.head()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        try await withHTTPServer(server) { _ in
            try await withTransfer { transfer in
                let response = try await transfer.perform(
                    HTTPRequest(url: "http://localhost/", timeout: .seconds(30), unixSocket: path))
                #expect(response.status == 200)
            }
        }
    }

    @Test func `an address of version 6 is reached`() async throws {
        // Where the machine has none there is nothing to test.
        let listening = try? ScriptedHTTPServer(v6: true) { connection in
            _ = try connection.head()
            try connection.send("HTTP/1.1 204 None\r\n\r\n")
        }
        guard let listening else { return }
        try await withHTTPServer(listening) { server in
            try await withTransfer { transfer in
                let response = try await transfer.perform(
                    HTTPRequest(url: "http://[::1]:\(server.port)/", timeout: .seconds(30)))
                #expect(response.status == 204)
            }
        }
    }

    @Test func `variables of the environment send nothing through a proxy`() async throws {
        let server = try ScriptedHTTPServer { connection in
            _ = try connection.head()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        TestProcess.setEnvironment("http_proxy", to: "http://127.0.0.1:1/")
        defer { TestProcess.setEnvironment("http_proxy", to: "") }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let response = try await transfer.perform(
                    HTTPRequest(url: "http://\(server.host)/", timeout: .seconds(30)))
                #expect(response.status == 200)
            }
        }
    }

    @Test func `a connection can be all that is wanted`() async throws {
        let received = AsyncSignal<Int>()
        let server = try ScriptedHTTPServer { connection in
            received.send(try connection.peer.receiveToEndBlocking().count)
        }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let request = HTTPRequest(url: "http://\(server.host)/", timeout: .seconds(30), connectOnly: true)
                let response = try await transfer.perform(request)
                #expect(response == HTTPResponse(status: 0))
                #expect(await received.wait() == 0)
            }
        }
    }
}
