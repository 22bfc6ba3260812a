// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SwiftProtobufPluginLibrary

/// Makes the protocol that a server implements, the table of methods and the client's stub.
struct ServiceGenerator {
    let service: ServiceDescriptor
    let options: PluginOptions
    private let names: SwiftNames

    init(_ service: ServiceDescriptor, _ options: PluginOptions) {
        self.service = service
        self.options = options
        names = SwiftNames(options: options)
    }

    func generate(_ out: inout CodeWriter) {
        methodTable(&out)
        out.line()
        implementation(&out)
        out.line()
        registration(&out)
        out.line()
        client(&out)
    }

    private func isInline(_ method: MethodDescriptor) -> Bool { options.inlineMethods.contains(method.fullName) }
    private func request(_ method: MethodDescriptor) -> String { names.message(method.inputType) }
    private func response(_ method: MethodDescriptor) -> String { names.message(method.outputType) }
    private func name(_ method: MethodDescriptor) -> String { SwiftNames.lowerFirst(method.name) }
    private var table: String { "\(service.name)Methods" }

    private func kind(_ method: MethodDescriptor) -> String {
        switch (method.clientStreaming, method.serverStreaming) {
        case (false, false): "unary"
        case (true, false): "clientStreaming"
        case (false, true): "serverStreaming"
        case (true, true): "bidirectionalStreaming"
        }
    }

    private func methodTable(_ out: inout CodeWriter) {
        out.documentation("", fallback: "The methods of `\(service.fullName)`.")
        out.block("package enum \(table)") { out in
            for method in service.methods {
                out.line("package static let \(name(method)) = RPCMethod<\(request(method)), \(response(method))>(")
                out.line("    service: \"\(service.fullName)\", name: \"\(method.name)\", kind: .\(kind(method)))")
            }
        }
    }

    private func implementation(_ out: inout CodeWriter) {
        out.documentation(service.comments, fallback: "What a server of `\(service.fullName)` implements.")
        out.block("package protocol \(service.name): Sendable") { out in
            for (index, method) in service.methods.enumerated() {
                if index > 0 { out.line() }
                out.documentation(method.comments, fallback: "Answers `\(method.fullName)`.")
                out.lines(requirement(method))
            }
        }
    }

    private func requirement(_ method: MethodDescriptor) -> String {
        let (request, response) = (request(method), response(method))
        let head = "func \(name(method))(\n    _ "
        switch (method.clientStreaming, method.serverStreaming) {
        case _ where isInline(method):
            return head + "request: borrowing \(request).View, context: CallContext\n"
                + ") throws(RPCStatus) -> Reply<\(response)>"
        case (false, false):
            return head + "request: \(request), context: CallContext\n) async throws(RPCStatus) -> \(response)"
        case (true, false):
            return head + "requests: RequestStream<\(request)>, context: CallContext\n"
                + ") async throws(RPCStatus) -> \(response)"
        case (false, true):
            return head + "request: \(request), responses: ResponseStream<\(response)>, context: CallContext\n"
                + ") async throws(RPCStatus)"
        case (true, true):
            return head + "requests: RequestStream<\(request)>, responses: ResponseStream<\(response)>,\n"
                + "    context: CallContext\n) async throws(RPCStatus)"
        }
    }

    private func registration(_ out: inout CodeWriter) {
        out.block("extension \(service.name)") { out in
            out.documentation("", fallback: "The service as a router takes it.")
            out.block("package var rpcService: RPCService") { out in
                out.line("RPCService(")
                out.line("    name: \"\(service.fullName)\",")
                out.line("    methods: [")
                for method in service.methods {
                    let isInline = isInline(method)
                    let arguments =
                        isInline
                        ? "name: \"\(method.name)\", kind: .\(kind(method)), body: .inline" : "\(table).\(name(method))"
                    out.line("        MethodHandler(\(arguments)\(isInline ? " {" : ") {")")
                    out.lines(call(method).split(separator: "\n").map { "            " + $0 }.joined(separator: "\n"))
                    out.line(isInline ? "        })," : "        },")
                }
                out.line("    ])")
            }
        }
    }

    /// The closure that `MethodHandler`'s initializer of this kind takes, without its braces.
    private func call(_ method: MethodDescriptor) -> String {
        let name = name(method)
        switch (method.clientStreaming, method.serverStreaming) {
        case _ where isInline(method):
            // Everything by its type: nothing generic of another module is specialized here.
            return """
                (payload, context, arena) throws(RPCStatus) in
                let request = unsafe \(request(method)).View(try arena.decoding(\(request(method)).descriptor, payload))
                switch try self.\(name)(request, context: context) {
                case .now(let response): return .ready(try arena.preparing(response))
                case .encoded(let bytes): return .ready(try arena.preparing(encoded: bytes))
                case .later(let work): return .later { (_) async throws(RPCStatus) in try await work() }
                }
                """
        case (false, false), (true, false):
            return "(request, context) async throws(RPCStatus) in\ntry await self.\(name)(request, context: context)"
        case (false, true), (true, true):
            return "(request, responses, context) async throws(RPCStatus) in\n"
                + "try await self.\(name)(request, responses: responses, context: context)"
        }
    }

    private func client(_ out: inout CodeWriter) {
        out.documentation("", fallback: "Calls the methods of `\(service.fullName)`.")
        out.block("package struct \(service.name)Client: Sendable") { out in
            out.line("private let caller: any RPCCaller")
            out.line()
            out.block("package init(_ caller: any RPCCaller)") { out in
                out.line("self.caller = caller")
            }
            for method in service.methods {
                out.line()
                out.documentation(method.comments, fallback: "Calls `\(method.fullName)`.")
                out.lines(stub(method))
            }
        }
    }

    private func stub(_ method: MethodDescriptor) -> String {
        let (request, response, name) = (request(method), response(method), name(method))
        let head = "package nonisolated(nonsending) func \(name)"
        let stream = "ClientStream<\(request), \(response)>"
        switch (method.clientStreaming, method.serverStreaming) {
        case (false, false):
            return """
                \(head)(
                    _ request: \(request), options: CallOptions = CallOptions()
                ) async throws(RPCStatus) -> \(response) {
                    try await caller.unary(\(table).\(name), request, options: options)
                }
                """
        case (false, true):
            return """
                \(head)<Result>(
                    _ request: \(request), options: CallOptions = CallOptions(),
                    _ body: nonisolated(nonsending) (\(stream)) async throws -> Result
                ) async throws -> Result {
                    try await caller.withStream(\(table).\(name), options: options) { stream in
                        try await stream.send(request)
                        try await stream.finishSending()
                        return try await body(stream)
                    }
                }
                """
        case (true, _):
            return """
                \(head)<Result>(
                    options: CallOptions = CallOptions(),
                    _ body: nonisolated(nonsending) (\(stream)) async throws -> Result
                ) async throws -> Result {
                    try await caller.withStream(\(table).\(name), options: options, body)
                }
                """
        }
    }
}
