// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import TestSupport

/// Writes down what stubs ask for; answers unary calls with the name of the method.
struct ScriptedCaller: RPCCaller {
    let events = Recorder<String>()

    func unary<Request, Response>(
        _ method: RPCMethod<Request, Response>, _ request: Request, options: CallOptions
    ) async throws(RPCStatus) -> Response {
        let text = (request as? FixtureScalars)?.aString ?? ""
        events.append("\(method.name) \(text) \(options.timeout?.description ?? "for ever")")
        guard let response = FixtureNames(modelID: method.name) as? Response else {
            throw RPCStatus(.unimplemented, "no answer for \(method.name)")
        }
        return response
    }

    func withStream<Request, Response, Result>(
        _ method: RPCMethod<Request, Response>, options: CallOptions,
        _ body: nonisolated(nonsending) (ClientStream<Request, Response>) async throws -> Result
    ) async throws -> Result {
        events.append("open \(method.name)")
        return try await body(ClientStream(Transport(events: events)))
    }

    private struct Transport: ClientStreamTransport {
        let events: Recorder<String>

        func receive() async throws(RPCStatus) -> [UInt8]? {
            events.append("receive")
            return nil
        }

        func send<Message: ProtobufMessage>(_ message: Message) async throws(RPCStatus) {
            events.append("send \((message as? FixtureScalars)?.aString ?? "")")
        }

        func finishSending() async throws(RPCStatus) {
            events.append("finish")
        }
    }
}
