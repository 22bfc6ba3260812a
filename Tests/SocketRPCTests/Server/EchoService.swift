// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import TestSupport

/// Handlers of every kind, which tell a test what becomes of them.
struct EchoService: Sendable {
    enum Event: Hashable, Sendable {
        case started(String)
        case received(String)
        case ended(String, RPCStatus.Code?)
    }

    let events = Recorder<Event>()
    /// Lets held handlers go on.
    let release = AsyncSignal<Void>()

    var service: RPCService {
        RPCService(name: "test.Echo", methods: unary + streaming)
    }

    private static func method<Request, Response>(
        _ name: String, _ kind: RPCKind, _: Request.Type = TTRPCKeyValue.self, _: Response.Type = TTRPCKeyValue.self
    ) -> RPCMethod<Request, Response> {
        RPCMethod(service: "test.Echo", name: name, kind: kind)
    }

    private var unary: [MethodHandler] {
        [
            MethodHandler(Self.method("Inline", .unary)) {
                (request: borrowing TTRPCKeyValue.View, _) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                .now(request.copied())
            },
            MethodHandler(Self.method("Later", .unary)) {
                (request: borrowing TTRPCKeyValue.View, _) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                let copy = request.copied()
                return .later { () async throws(RPCStatus) in
                    await Task.yield()
                    return copy
                }
            },
            MethodHandler(Self.method("Async", .unary)) {
                (request: TTRPCKeyValue, _) async throws(RPCStatus) -> TTRPCKeyValue in
                await Task.yield()
                return request
            },
            MethodHandler(Self.method("Describe", .unary)) {
                (request: borrowing TTRPCKeyValue.View, context) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                .now(
                    TTRPCKeyValue(
                        key: "\(context.service)/\(context.method) \(context.deadline != nil)",
                        value: context.metadata.entries.map { "\($0.key)=\($0.value)" }.joined(separator: ",")))
            },
            MethodHandler(Self.method("Fail", .unary)) {
                (request: borrowing TTRPCKeyValue.View, _) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                throw RPCStatus(
                    .failedPrecondition, "no", details: [GoogleAny(typeURL: "type/x", value: [1, 2, 3])])
            },
            MethodHandler(Self.method("FailLater", .unary)) {
                (request: TTRPCKeyValue, _) async throws(RPCStatus) -> TTRPCKeyValue in
                await Task.yield()
                throw RPCStatus(.aborted, "later")
            },
            MethodHandler(Self.method("Big", .unary, TTRPCKeyValue.self, GoogleAny.self)) {
                (request: borrowing TTRPCKeyValue.View, _) throws(RPCStatus) -> Reply<GoogleAny> in
                .now(GoogleAny(value: [UInt8](repeating: 7, count: Int(request.copied().key) ?? 0)))
            },
            MethodHandler(Self.method("Exchange", .unary)) {
                (request: TTRPCKeyValue, context: CallContext) async throws(RPCStatus) -> TTRPCKeyValue in
                context.grpc?.initialMetadata.append("x-first", "one")
                context.grpc?.trailingMetadata.append("x-last-bin", bytes: [0xab, 0xab, 0xab])
                for name in ["grpc-status", "connection", "transfer-encoding", "Bad Name", ""] {
                    context.grpc?.initialMetadata.append(name, "7")
                    context.grpc?.trailingMetadata.append(name, "7")
                }
                context.grpc?.initialMetadata.append("x-unprintable", "\u{1}")
                if request.key == "gzip" { context.grpc?.compressesMessages = true }
                if request.key == "fail" { throw RPCStatus(.aborted, reason: "TESTED", "100 % ☺\n") }
                return TTRPCKeyValue(
                    key: context.grpc?.requestWasCompressed == true ? "compressed" : "plain", value: request.value)
            },
            MethodHandler(Self.method("Hold", .unary)) {
                (request: TTRPCKeyValue, _) async throws(RPCStatus) -> TTRPCKeyValue in
                try await held(request.key)
                return request
            },
            MethodHandler(Self.method("Stubborn", .unary)) {
                (request: TTRPCKeyValue, _) async throws(RPCStatus) -> TTRPCKeyValue in
                events.append(.started(request.key))
                await release.wait()
                events.append(.ended(request.key, nil))
                return request
            },
        ]
    }

    private var streaming: [MethodHandler] {
        [
            MethodHandler(Self.method("Collect", .clientStreaming)) {
                (requests: RequestStream<TTRPCKeyValue>, _) async throws(RPCStatus) -> TTRPCKeyValue in
                var keys: [String] = []
                while let request = try await requests.next() { keys.append(request.key) }
                return TTRPCKeyValue(key: keys.joined(separator: ","))
            },
            MethodHandler(Self.method("First", .clientStreaming)) {
                (requests: RequestStream<TTRPCKeyValue>, _) async throws(RPCStatus) -> TTRPCKeyValue in
                try await requests.next() ?? TTRPCKeyValue()
            },
            MethodHandler(Self.method("Repeat", .serverStreaming)) {
                (request: TTRPCKeyValue, responses: ResponseStream<TTRPCKeyValue>, _) async throws(RPCStatus) in
                for index in 0..<(Int(request.value) ?? 0) {
                    try await responses.send(TTRPCKeyValue(key: "\(request.key)\(index)"))
                }
                if request.key == "fail" { throw RPCStatus(.dataLoss, "after all") }
            },
            MethodHandler(Self.method("Flood", .serverStreaming, TTRPCKeyValue.self, GoogleAny.self)) {
                (request: TTRPCKeyValue, responses: ResponseStream<GoogleAny>, _) async throws(RPCStatus) in
                events.append(.started(request.key))
                let piece = GoogleAny(value: [UInt8](repeating: 1, count: Int(request.value) ?? 0))
                do throws(RPCStatus) {
                    while true { try await responses.send(piece) }
                } catch {
                    events.append(.ended(request.key, error.code))
                    throw error
                }
            },
            MethodHandler(Self.method("Chat", .bidirectionalStreaming)) {
                (
                    requests: RequestStream<TTRPCKeyValue>, responses: ResponseStream<TTRPCKeyValue>, _
                ) async throws(RPCStatus) in
                while let request = try await requests.next() { try await responses.send(request) }
            },
            MethodHandler(Self.method("Away", .bidirectionalStreaming)) {
                (
                    requests: RequestStream<TTRPCKeyValue>, responses: ResponseStream<TTRPCKeyValue>, _
                ) async throws(RPCStatus) in
                try await chatElsewhere(requests, responses)
            },
            MethodHandler(Self.method("Each", .bidirectionalStreaming)) {
                (request: borrowing TTRPCKeyValue.View, _) throws(RPCStatus) -> Reply<TTRPCKeyValue> in
                try each(request.copied())
            },
            MethodHandler(Self.method("Listen", .bidirectionalStreaming)) {
                (
                    requests: RequestStream<TTRPCKeyValue>, responses: ResponseStream<TTRPCKeyValue>, _
                ) async throws(RPCStatus) in
                try await listen(requests)
            },
            MethodHandler(Self.method("Deaf", .bidirectionalStreaming)) {
                (
                    requests: RequestStream<TTRPCKeyValue>, responses: ResponseStream<TTRPCKeyValue>, _
                ) async throws(RPCStatus) in
                try await held("deaf")
                while let request = try await requests.next() { try await responses.send(request) }
            },
        ]
    }

    /// Answers a message as its key says.
    private func each(_ request: TTRPCKeyValue) throws(RPCStatus) -> Reply<TTRPCKeyValue> {
        switch request.key {
        case "fail":
            throw RPCStatus(.dataLoss, "at once")
        case "fail later":
            return .later { () async throws(RPCStatus) in throw RPCStatus(.dataLoss, "later") }
        case "held":
            return .later { () async throws(RPCStatus) in
                try await held("each")
                return request
            }
        default:
            return .now(request)
        }
    }

    @concurrent
    private func chatElsewhere(
        _ requests: RequestStream<TTRPCKeyValue>, _ responses: ResponseStream<TTRPCKeyValue>
    ) async throws(RPCStatus) {
        events.append(.started("away"))
        do throws(RPCStatus) {
            while let request = try await requests.next() { try await responses.send(request) }
            events.append(.ended("away", nil))
        } catch {
            events.append(.ended("away", error.code))
            throw error
        }
    }

    /// Waits until the test lets go, or the call is cancelled.
    private func held(_ name: String) async throws(RPCStatus) {
        events.append(.started(name))
        let gone = AsyncSignal<Bool>()
        let waiting = Task {
            await release.wait()
            gone.send(false)
        }
        let isCancelled = await withTaskCancellationHandler {
            await gone.wait()
        } onCancel: {
            gone.send(true)
        }
        waiting.cancel()
        events.append(.ended(name, isCancelled ? .cancelled : nil))
        if isCancelled { throw RPCStatus(.cancelled, "held until cancelled") }
    }

    private func listen(_ requests: RequestStream<TTRPCKeyValue>) async throws(RPCStatus) {
        events.append(.started("listen"))
        do throws(RPCStatus) {
            while let request = try await requests.next() { events.append(.received(request.key)) }
            events.append(.ended("listen", nil))
        } catch {
            events.append(.ended("listen", error.code))
            throw error
        }
    }
}

/// An encoded test message.
func message(_ key: String, _ value: String = "") throws -> [UInt8] {
    try TTRPCKeyValue(key: key, value: value).encoded()
}
