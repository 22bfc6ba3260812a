// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
import SocketRPC
import TestSupport
import Testing

/// How a stream takes messages from its call, and ends it.
@Suite struct BackendStreamTests {
    /// Runs a test with a client whose streams have these messages, and then nothing until they are cancelled.
    private static func withMessages<R>(
        _ messages: [WatchBackendsResponse], _ body: (BackendClient, Recorder<String>) async throws -> R
    ) async throws -> R {
        let calls = Recorder<String>()
        let caller = StreamCaller(payloads: try messages.map { try $0.encoded() }, calls: calls)
        let client = BackendClient(socketPath: "/s", timeout: .seconds(60), caller: caller) {}
        return try await body(client, calls)
    }

    private static func message(_ sequences: ClosedRange<UInt64>) -> WatchBackendsResponse {
        let changes = sequences.map { sequence in
            WatchBackendsResponse(
                event: .change(BackendEvent(sequence: sequence, serverInstance: "run", backend: "b")))
        }
        var message = changes[0]
        message.following = Array(changes.dropFirst())
        return message
    }

    private static func sequence(_ event: DaemonEvent?) -> UInt64? {
        guard case .change(let change) = event else { return nil }
        return change.position.sequence
    }

    @Test func `a message is taken when the reader asks and has no element left`() async throws {
        try await Self.withMessages([Self.message(1...3), Self.message(4...4)]) { client, calls in
            try await client.withEvents { events in
                _ = await calls.wait(for: 1)
                #expect(calls.elements == ["open"])
                var iterator = events.makeAsyncIterator()
                for sequence in 1...3 as ClosedRange<UInt64> {
                    let event = try await iterator.next()
                    #expect(Self.sequence(event) == sequence)
                    #expect(calls.elements == ["open", "receive"])
                }
                let event = try await iterator.next()
                #expect(Self.sequence(event) == 4)
                #expect(calls.elements == ["open", "receive", "receive"])
            }
            #expect(calls.elements == ["open", "receive", "receive", "close"])
        }
    }

    @Test func `another loop continues where the first one ended`() async throws {
        try await Self.withMessages([Self.message(1...2)]) { client, _ in
            try await client.withEvents { events in
                for try await event in events {
                    #expect(Self.sequence(event) == 1)
                    break
                }
                for try await event in events {
                    #expect(Self.sequence(event) == 2)
                    break
                }
            }
        }
    }

    @Test func `the call is over when the scope is, however it ends`() async throws {
        struct Failure: Error {}
        try await Self.withMessages([]) { client, calls in
            await #expect(throws: Failure.self) {
                try await client.withEvents { _ in
                    _ = await calls.wait(for: 1)
                    throw Failure()
                }
            }
            #expect(calls.elements == ["open", "close"])
        }
    }

    @Test func `a cancelled reader is told so, and its call ends`() async throws {
        try await Self.withMessages([]) { client, calls in
            let reason = await withTaskGroup(of: FailureReason?.self) { group in
                group.addTask {
                    do {
                        try await client.withEvents { events in for try await _ in events {} }
                        return nil
                    } catch {
                        return (error as? BackendClientError)?.reason
                    }
                }
                await calls.wait(until: "receive")
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(reason == .callCancelled)
            #expect(calls.elements == ["open", "receive", "close"])
        }
    }
}

/// Opens streams that have some messages.
private struct StreamCaller: RPCCaller {
    let payloads: [[UInt8]]
    let calls: Recorder<String>

    func unary<Request, Response>(
        _ method: RPCMethod<Request, Response>, _ request: Request, options: CallOptions
    ) async throws(RPCStatus) -> Response {
        throw RPCStatus(.unimplemented, "not part of this test")
    }

    func withStream<Request, Response, Result>(
        _ method: RPCMethod<Request, Response>, options: CallOptions,
        _ body: nonisolated(nonsending) (ClientStream<Request, Response>) async throws -> Result
    ) async throws -> Result {
        calls.append("open")
        defer { calls.append("close") }
        return try await body(ClientStream(StreamTransport(payloads: payloads, calls: calls)))
    }
}

private struct StreamTransport: ClientStreamTransport {
    let payloads: [[UInt8]]
    let calls: Recorder<String>
    private let next = Counter()

    init(payloads: [[UInt8]], calls: Recorder<String>) {
        self.payloads = payloads
        self.calls = calls
    }

    func receive() async throws(RPCStatus) -> [UInt8]? {
        calls.append("receive")
        let index = next.value
        next.increment()
        if index < payloads.count { return payloads[index] }
        for await _ in AsyncStream<Void>.makeStream().stream {}
        throw RPCStatus(.cancelled, "cancelled")
    }

    func send<Message: ProtobufMessage>(_ message: Message) async throws(RPCStatus) {}

    func finishSending() async throws(RPCStatus) {}
}
