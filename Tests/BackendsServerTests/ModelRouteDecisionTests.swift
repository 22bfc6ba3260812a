// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsTestSupport
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// Which backends have a say in the route of a request, asked over the socket.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ModelRouteDecisionTests {
    private enum Question: CaseIterable, Sendable {
        case resolve
        case use
    }

    private static let off: GoogleStruct = ["remote_models": ["o1": ["hostname": "o:1"]]]
    private static let follower: GoogleStruct = ["connection": ["hostname": "h:1"], "route_allow": ["127.0.0.0/8"]]
    private static let refuser: GoogleStruct = ["connection": ["hostname": "n:1"], "route_allow": ["10.0.0.0/8"]]
    /// It serves no model but by a route.
    private static let router: GoogleStruct = ["route_allow": ["127.0.0.0/8"]]

    private static func context(_ route: String?) -> BackendsAPI.RuntimeContext {
        let metadata = route.map { [MetadataEntry(key: "X-Route-Info", value: .text($0))] } ?? []
        return BackendsAPI.RuntimeContext(source: .grpc(GRPCContext(method: "/p.S/M", metadata: metadata)))
    }

    /// The address, or code and reason of the failure.
    private static func answer(
        _ service: ServerFixture, _ model: String, _ route: String?, by question: Question = .resolve,
        on backends: [String] = [], starts: Bool = true
    ) async throws -> String {
        let models = service.client.models
        do {
            switch question {
            case .resolve:
                let request = ResolveModelRequest(
                    modelID: model, context: context(route), backends: backends, waitReady: true, autoStart: starts)
                return try await models.resolveModel(request).endpoint?.address ?? "-"
            case .use:
                let request = UseModelRequest(
                    modelID: model, context: context(route), backends: backends, autoStart: starts,
                    wait: GoogleDuration(.seconds(60)))
                return try await models.useModel { stream in
                    try await stream.send(request)
                    guard case .acquired(let use) = try await stream.next()?.event else { return "-" }
                    try await stream.finishSending()
                    return use.endpoint?.address ?? "-"
                }
            }
        } catch let status as RPCStatus {
            return status.word
        }
    }

    /// A backend that loads any model, and knows nothing of routes.
    private static func createServer(_ name: String, _ service: ServerFixture, priority: Int32? = nil) async throws {
        try await service.client.create(name, priority: priority)
        let backend = try service.scripted[name]
        backend.loads()
        backend.onContext { _ in .ignored }
    }

    private static let denied = "PERMISSION_DENIED ROUTE_NOT_ALLOWED"
    private static let unknown = "NOT_FOUND MODEL_NOT_FOUND"

    @Test func `a backend that does not serve the model has no say, whichever of them run`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create("off", "REMOTE", config: Self.off, priority: 0)
            try await client.create("rt", "REMOTE", config: Self.follower, priority: 1)
            for started in [[], ["off"], ["rt"], ["off", "rt"]] {
                // Not by a client, whose stop would hold.
                for name in ["off", "rt"] { _ = try await service.registry.stop(name) }
                for name in started { try await client.start(name) }
                // A model of its own for each, since the first route of a model stays.
                let model = "m-\(started.count)-\(started.first ?? "")"
                #expect(try await Self.answer(service, model, "127.0.0.1:8001") == "127.0.0.1:8001")
                let results = try await client.contexts.handleRuntimeContext(
                    HandleRuntimeContextRequest(modelID: model, context: Self.context("127.0.0.1:8001"))
                ).results
                #expect(results.map(\.outcome) == [.ignored, .handled])
            }
        }
    }

    @Test func `a model of a backend without routes is served whatever the header says`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create("off", "REMOTE", config: Self.off)
            try await client.create(
                "rq", "REMOTE", config: ["models": ["r*"], "route_allow": ["127.0.0.0/8"]])
            try await Self.createServer("p", service)
            for isStarted in [false, true] {
                if isStarted { for name in ["off", "rq"] { try await client.start(name) } }
                for route in ["127.0.0.1:8001", "192.0.2.1:80", "no server"] {
                    #expect(try await Self.answer(service, "p1", route) == "p/p1")
                    #expect(try await Self.answer(service, "p1", route, on: ["off", "rq"]) == Self.unknown)
                }
            }
        }
    }

    @Test func `use_default is not undone by a backend that does not serve the model`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            let router: GoogleStruct = ["remote_models": ["n1": ["hostname": "n:1"]], "route_allow": ["10.0.0.0/8"]]
            try await client.create("nr", "REMOTE", config: router)
            try await client.create(
                "rd", "REMOTE",
                config: [
                    "connection": ["hostname": "d:1"], "models": ["d1"], "route_allow": ["127.0.0.0/8"],
                    "route_refused": "use_default",
                ])
            for name in ["nr", "rd"] { try await client.start(name) }
            #expect(try await Self.answer(service, "d1", "192.0.2.1:80") == "d:1")
            #expect(try await Self.answer(service, "n1", "192.0.2.1:80") == Self.denied)
        }
    }

    @Test(arguments: Question.allCases)
    private func `the backends that are stopped are asked before a route fails`(question: Question) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create("nr", "REMOTE", config: Self.refuser, priority: 0)
            try await Self.createServer("p", service, priority: 1)
            try await client.create("rt", "REMOTE", config: Self.follower, priority: 2)
            for name in ["nr", "p"] { try await client.start(name) }
            #expect(try await Self.answer(service, "m", "127.0.0.1:8001", by: question, starts: false) == Self.denied)
            #expect(try await Self.answer(service, "m", "192.0.2.1:80", by: question, on: ["nr", "p"]) == Self.denied)
            #expect(try await client.get("rt").state == .stopped)
            #expect(try await Self.answer(service, "m", "127.0.0.1:8001", by: question) == "127.0.0.1:8001")
            #expect(try await Self.answer(service, "n", "192.0.2.1:80", by: question) == Self.denied)
        }
    }

    @Test(arguments: Question.allCases)
    private func `a stopped backend that serves a model by its route alone is started for one`(
        question: Question
    ) async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create("router", "REMOTE", config: Self.router)
            #expect(try await Self.answer(service, "m", nil, by: question) == Self.unknown)
            #expect(try await client.get("router").state == .stopped)
            #expect(try await Self.answer(service, "m", "127.0.0.1:8001", by: question) == "127.0.0.1:8001")
            #expect(try await Self.answer(service, "n", "192.0.2.1:80", by: question) == Self.denied)
        }
    }

    @Test func `a server whose routing is off gets no request with a route, unless refused routes lead there`()
        async throws
    {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            for name in ["one", "two"] {
                try await client.create(name, "REMOTE", config: ["connection": ["hostname": "h:1"]], priority: 0)
                try await client.start(name)
            }
            #expect(try await Self.answer(service, "m", "127.0.0.1:8001") == Self.denied)
            #expect(try await Self.answer(service, "m", nil) == "h:1")
            try await client.create("rt", "REMOTE", config: Self.follower, priority: 1)
            #expect(try await Self.answer(service, "m", "127.0.0.1:8001") == "127.0.0.1:8001")
            try await client.create(
                "open", "REMOTE", config: ["connection": ["hostname": "d:1"], "route_refused": "use_default"],
                priority: -1)
            #expect(try await Self.answer(service, "k", "127.0.0.1:8001", on: ["one", "open"]) == "d:1")
        }
    }

    // MARK: Scopes

    private static let routes = [
        "none": nil, "allowed": "127.0.0.1:8001", "other": "127.0.0.1:8002", "refused": "192.0.2.1:80",
    ]

    /// Where a second request goes after a first one: without a route, with another allowed one, with a refused one.
    private static let scopes: [(scope: String, first: String, second: [String])] = [
        ("model_first_wins", "none", ["home", "other", "refused"]),
        ("model_first_wins", "allowed", ["allowed", "allowed", "refused"]),
        ("model_first_wins", "refused", ["home", "other", "refused"]),
        ("model_last_wins", "none", ["home", "other", "refused"]),
        ("model_last_wins", "allowed", ["allowed", "other", "refused"]),
        ("model_last_wins", "refused", ["home", "other", "refused"]),
        ("request", "none", ["home", "other", "refused"]),
        ("request", "allowed", ["home", "other", "refused"]),
        ("request", "refused", ["home", "other", "refused"]),
    ]

    @Test(arguments: Question.allCases)
    private func `a request goes where its route and the scope say, also a model with an entry`(
        question: Question
    ) async throws {
        let own: GoogleValue = ["hostname": "own:1"]
        try await withService(types: { .standard(on: $0) }) { service in
            func answer(_ model: String, _ route: String, on backend: String) async throws -> String {
                let route = Self.routes[route] ?? nil
                let answer = try await Self.answer(service, model, route, by: question, on: [backend])
                switch answer {
                case "base:1", "own:1": return model.hasPrefix("own") == (answer == "own:1") ? "home" : answer
                case Self.denied: return "refused"
                default: return Self.routes.first { $0.value == answer }?.key ?? answer
                }
            }
            for (index, row) in Self.scopes.enumerated() {
                let config: GoogleStruct = [
                    "connection": ["hostname": "base:1"], "route_allow": ["127.0.0.0/8"],
                    "route_scope": GoogleValue(kind: .stringValue(row.scope)),
                    "remote_models": ["own-none": own, "own-other": own, "own-refused": own],
                ]
                let backend = "r\(index)"
                try await service.client.create(backend, "REMOTE", config: config)
                try await service.client.start(backend)
                for kind in ["own", "any"] {
                    var seconds: [String] = []
                    for second in ["none", "other", "refused"] {
                        let model = "\(kind)-\(second)"
                        let first = try await answer(model, row.first, on: backend)
                        #expect(first == (row.first == "none" ? "home" : row.first), "\(row) \(model)")
                        seconds.append(try await answer(model, second, on: backend))
                    }
                    #expect(seconds == row.second, "\(row) \(kind)")
                }
            }
        }
    }
}
