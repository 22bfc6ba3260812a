// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO
internal import TestSupport
internal import Testing

/// What the generator makes of a service: the table, the registration, the stubs.
@Suite(.tags(.blocking)) struct GeneratedServiceTests {
    private struct Everything: EverythingService {
        func peek(
            _ request: borrowing FixtureScalars.View, context: CallContext
        ) throws(RPCStatus) -> Reply<FixtureNames> {
            if request.aBool {
                let text = request.aString
                return .later { () async throws(RPCStatus) in FixtureNames(modelID: "later " + text) }
            }
            return .now(FixtureNames(modelID: request.aString))
        }

        func peekEach(
            _ request: borrowing FixtureScalars.View, context: CallContext
        ) throws(RPCStatus) -> Reply<FixtureNames> {
            try peek(request, context: context)
        }

        func ask(_ request: FixtureScalars, context: CallContext) async throws(RPCStatus) -> FixtureNames {
            FixtureNames(modelID: request.aString)
        }

        func watch(
            _ request: FixtureScalars, responses: ResponseStream<FixtureNames>, context: CallContext
        ) async throws(RPCStatus) {
            for index in 0..<request.anInt32 {
                try await responses.send(FixtureNames(modelID: "\(index)"))
            }
        }

        func collect(
            _ requests: RequestStream<FixtureScalars>, context: CallContext
        ) async throws(RPCStatus) -> FixtureNames {
            var texts: [String] = []
            while let request = try await requests.next() { texts.append(request.aString) }
            return FixtureNames(in: texts)
        }

        func chat(
            _ requests: RequestStream<FixtureScalars>, responses: ResponseStream<FixtureNames>, context: CallContext
        ) async throws(RPCStatus) {
            while let request = try await requests.next() {
                try await responses.send(FixtureNames(modelID: request.aString))
            }
        }
    }

    private let service = Everything().rpcService

    private func body(_ name: String) throws -> MethodHandler.Body {
        try #require(service.methods.first { $0.name == name }).body
    }

    private func withContext<Result: Sendable>(
        _ body: (CallContext) async throws -> Result
    ) async throws -> Result {
        try await withEventLoop { loop in
            try await body(
                CallContext(
                    peer: PeerCredentials(pid: 1, uid: 2, gid: 3),
                    name: MethodName(service: service.name, method: "Method"), loop: loop))
        }
    }

    @Test func `a service registers its methods by name and kind`() {
        #expect(service.name == "fixture.v1.EverythingService")
        #expect(service.methods.map(\.name) == ["Peek", "Ask", "Watch", "Collect", "Chat", "PeekEach"])
        #expect(
            service.methods.map(\.kind)
                == [
                    .unary, .unary, .serverStreaming, .clientStreaming, .bidirectionalStreaming,
                    .bidirectionalStreaming,
                ])
        #expect(EverythingServiceMethods.chat.name == "Chat")
        #expect(EverythingServiceMethods.chat.service == "fixture.v1.EverythingService")
    }

    @Test(arguments: ["Peek", "PeekEach"])
    func `an inline method answers from a view, at once or later`(name: String) async throws {
        guard case .inline(let answer) = try body(name) else {
            Issue.record("\(name) is not inline")
            return
        }
        try await withContext { context in
            let arena = Arena()
            var buffer = ByteBuffer(try FixtureScalars(aString: "a").encoded())
            switch try answer(buffer.bytes, context, arena) {
            case .ready(let reply):
                buffer.removeAll()
                reply.write(into: &buffer)
            case .later: Issue.record("the reply comes later")
            }
            #expect(try FixtureNames(decoding: buffer.copied()) == FixtureNames(modelID: "a"))
            arena.reset()
            let request = ByteBuffer(try FixtureScalars(aBool: true, aString: "b").encoded())
            switch try answer(request.bytes, context, arena) {
            case .ready: Issue.record("the reply is there at once")
            case .later(let work):
                let reply = try await work(context)
                #expect(try reply.encoded() == FixtureNames(modelID: "later b").encoded())
            }
        }
    }

    @Test func `a unary method decodes first, and answers as a task`() async throws {
        guard case .unary(let decode) = try body("Ask") else {
            Issue.record("Ask is not unary")
            return
        }
        try await withContext { context in
            let request = ByteBuffer(try FixtureScalars(aString: "a").encoded())
            let reply = try await decode(request.bytes, Arena())(context)
            #expect(try reply.encoded() == FixtureNames(modelID: "a").encoded())
            let garbage = ByteBuffer(hex("72 05"))
            let status = #expect(throws: RPCStatus.self) { _ = try decode(garbage.bytes, Arena()) }
            #expect(status?.reason == "PAYLOAD_MALFORMED")
        }
    }

    @Test(
        arguments: [
            ("Watch", [FixtureScalars(anInt32: 3)], ["0", "1", "2"], nil),
            ("Chat", [FixtureScalars(aString: "a"), FixtureScalars(aString: "b")], ["a", "b"], nil),
            ("Collect", [FixtureScalars(aString: "a"), FixtureScalars(aString: "b")], [], ["a", "b"]),
            ("Collect", [], [], []),
        ] as [(String, [FixtureScalars], [String], [String]?)])
    func `a streaming method gets its messages and sends its own`(
        _ name: String, _ requests: [FixtureScalars], _ sent: [String], _ returned: [String]?
    ) async throws {
        guard case .streaming(let answer) = try body(name) else {
            Issue.record("\(name) is not streaming")
            return
        }
        let stream = ScriptedStream(try requests.map { try $0.encoded() })
        let reply = try await withContext { context in try await answer(stream, context) as? FixtureNames }
        let messages = try stream.sent.map { try FixtureNames(decoding: $0) }
        #expect(messages.map(\.modelID) == sent)
        #expect(reply?.in == returned)
    }

    @Test func `a server-streaming call without its request fails`() async throws {
        guard case .streaming(let answer) = try body("Watch") else {
            Issue.record("Watch is not streaming")
            return
        }
        let status = await #expect(throws: RPCStatus.self) {
            try await withContext { context in _ = try await answer(ScriptedStream([]), context) }
        }
        #expect(status?.code == .internal)
    }

    @Test func `a malformed message of a stream ends the call`() async throws {
        guard case .streaming(let answer) = try body("Chat") else {
            Issue.record("Chat is not streaming")
            return
        }
        let stream = ScriptedStream([[], hex("72 01 00")])
        let status = await #expect(throws: RPCStatus.self) {
            try await withContext { context in _ = try await answer(stream, context) }
        }
        #expect(status?.reason == "PAYLOAD_MALFORMED")
        #expect(stream.sent.count == 1)
    }

    @Test func `stubs send what they are given, and the half close after the one request of a server stream`()
        async throws
    {
        let caller = ScriptedCaller()
        let client = EverythingServiceClient(caller)
        let reply = try await client.ask(FixtureScalars(aString: "a"), options: CallOptions(timeout: .seconds(1)))
        #expect(reply == FixtureNames(modelID: "Ask"))
        try await client.watch(FixtureScalars(aString: "b")) { stream in
            let end = try await stream.next()
            #expect(end == nil)
        }
        try await client.chat { stream in
            try await stream.send(FixtureScalars(aString: "c"))
        }
        #expect(
            caller.events.elements == [
                "Ask a 1.0 seconds", "open Watch", "send b", "finish", "receive", "open Chat", "send c",
            ])
    }
}
