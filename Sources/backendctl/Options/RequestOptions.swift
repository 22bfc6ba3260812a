// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

/// A runtime context on the command line.
struct RequestOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The method of a gRPC call.", valueName: "/package.Service/Method"))
    var grpcMethod: String?

    @Option(
        help: ArgumentHelp(
            "An entry of the gRPC call's metadata; may be repeated. The value of a key that ends in -bin is Base64.",
            valueName: "key=value"))
    var metadata: [String] = []

    @Option(help: ArgumentHelp("The address of the gRPC call's caller.", valueName: "address"))
    var peer: String?

    @Option(
        help: ArgumentHelp("The time until the gRPC call's deadline.", valueName: "duration"),
        transform: DurationInput.transform)
    var timeRemaining: Duration?

    @Option(help: ArgumentHelp("An HTTP request, for example 'GET /health'.", valueName: "method target"))
    var http: String?

    @Option(help: ArgumentHelp("A header of the HTTP request; may be repeated.", valueName: "name=value"))
    var header: [String] = []

    @Option(help: ArgumentHelp("The address of the HTTP request's client.", valueName: "address"))
    var clientAddress: String?

    /// Returns the context; nil if no option describes one.
    func context() throws(CommandFailure) -> RuntimeContext? {
        switch (grpcMethod, http) {
        case (let method?, nil):
            guard header.isEmpty, clientAddress == nil else { throw Self.mixed }
            return .grpc(try grpc(method))
        case (nil, let request?):
            guard metadata.isEmpty, peer == nil, timeRemaining == nil else { throw Self.mixed }
            return .http(try http(request))
        case (nil, nil):
            guard metadata.isEmpty, peer == nil, timeRemaining == nil, header.isEmpty, clientAddress == nil else {
                throw Self.mixed
            }
            return nil
        case (_?, _?):
            throw Self.mixed
        }
    }

    private static let mixed = CommandFailure.usage(
        "CONTEXT_INVALID", "these options do not describe a single request",
        hint:
            "--grpc-method goes with --metadata, --peer and --time-remaining; --http goes with --header and --client-address"
    )

    private func grpc(_ method: String) throws(CommandFailure) -> RuntimeContext.GRPC {
        var entries: [RuntimeContext.Metadata] = []
        for text in metadata {
            let pair = try Pair(parsing: text)
            guard pair.name.lowercased().hasSuffix("-bin") else {
                entries.append(RuntimeContext.Metadata(pair.name, pair.value))
                continue
            }
            guard let entry = RuntimeContext.Metadata(pair.name, base64: pair.value) else {
                throw .usage("CONTEXT_INVALID", "the value of \(pair.name) is not valid Base64")
            }
            entries.append(entry)
        }
        return RuntimeContext.GRPC(method: method, peer: peer ?? "", metadata: entries, timeRemaining: timeRemaining)
    }

    private func http(_ request: String) throws(CommandFailure) -> RuntimeContext.HTTP {
        let words = request.split(separator: " ")
        guard words.count == 2 else {
            throw .usage("CONTEXT_INVALID", "\"\(request)\" is not a method and a target", hint: "write 'GET /health'")
        }
        var headers: [RuntimeContext.Header] = []
        for text in header {
            let pair = try Pair(parsing: text)
            headers.append(RuntimeContext.Header(pair.name, pair.value))
        }
        return RuntimeContext.HTTP(
            method: String(words[0]), target: String(words[1]), headers: headers, clientAddress: clientAddress ?? "")
    }
}
