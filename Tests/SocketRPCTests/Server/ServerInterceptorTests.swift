// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct ServerInterceptorTests {
    private struct Spy: ServerInterceptor {
        let name: String
        let log: Recorder<String>
        var refuses = false

        func callStarted(_ context: CallContext) throws(RPCStatus) {
            log.append("\(name) \(context.method) started")
            if refuses { throw RPCStatus(.permissionDenied, "not this") }
        }

        func callEnded(_ context: CallContext, status: RPCStatus?) {
            log.append("\(name) \(context.method) \(status?.code.description ?? "OK")")
        }
    }

    @Test(arguments: [
        ("Inline", "OK"), ("Later", "OK"), ("Async", "OK"), ("Fail", "FAILED_PRECONDITION"), ("FailLater", "ABORTED"),
        ("Collect", "OK"), ("Repeat", "OK"),
    ])
    func `every call is seen, in order and in reverse`(method: String, outcome: String) async throws {
        let log = Recorder<String>()
        try await withServer(interceptors: [Spy(name: "a", log: log), Spy(name: "b", log: log)]) { test in
            _ = try await test.connect().call(WirePeer.request(1, method, flags: .remoteClosed))
            #expect(
                await log.wait(for: 4) == [
                    "a \(method) started", "b \(method) started", "b \(method) \(outcome)", "a \(method) \(outcome)",
                ])
        }
    }

    @Test func `an interceptor may refuse a call`() async throws {
        let log = Recorder<String>()
        let spies = [Spy(name: "a", log: log), Spy(name: "b", log: log, refuses: true), Spy(name: "c", log: log)]
        try await withServer(interceptors: spies) { test in
            let answer = try await test.connect().call(WirePeer.request(1, "Hold"))
            #expect(answer.status == RPCStatus(.permissionDenied, "not this"))
            #expect(log.elements == ["a Hold started", "b Hold started", "a Hold PERMISSION_DENIED"])
            #expect(test.echo.events.elements.isEmpty)
        }
    }

    @Test func `a call ends once, with what decided it`() async throws {
        let log = Recorder<String>()
        try await withServer(interceptors: [Spy(name: "a", log: log)]) { test in
            let peer = try test.connect()
            _ = try await peer.call(WirePeer.request(1, "Stubborn", timeoutNano: 1_000_000))
            test.echo.release.send()
            _ = await test.echo.events.wait(for: 2)
            _ = try await peer.call(WirePeer.request(3, "Inline"))
            #expect(
                log.elements == [
                    "a Stubborn started", "a Stubborn DEADLINE_EXCEEDED", "a Inline started", "a Inline OK",
                ])
        }
    }

    @Test func `a call whose client is gone was cancelled`() async throws {
        let log = Recorder<String>()
        try await withServer(interceptors: [Spy(name: "a", log: log)]) { test in
            func abandon() async throws {
                let peer = try test.connect()
                try await peer.send(WirePeer.request(1, "Hold", try message("x")))
                _ = await test.echo.events.wait(for: 1)
                withExtendedLifetime(peer) {}
            }
            try await abandon()
            #expect(await log.wait(for: 2) == ["a Hold started", "a Hold CANCELLED"])
        }
    }
}
