// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite("Routes of requests", .tags(.blocking), .timeLimit(.minutes(1)))
struct RemoteRoutingTests {
    private static func configuration(_ more: TextMap<ConfigValue> = [:]) -> ConfigValue {
        var members: TextMap<ConfigValue> = [
            "connection": ["hostname": "base:1"], "route_allow": ["10.0.0.0/8", "*.models.internal"],
        ]
        members = members.merged(with: more)
        return .map(members)
    }

    @Test func `without the header a context is ignored`() async throws {
        try await withRemote { fixture in
            try await fixture.start(Self.configuration())
            #expect(await fixture.route("10.0.0.1:80", header: "x-other") == .ignored)
            #expect(fixture.endpoint()?.address == "base:1")
        }
    }

    @Test func `the first value of the header counts, whatever its case, also in bytes`() async throws {
        try await withRemote { fixture in
            try await fixture.start(Self.configuration(["route_header": "X-Where"]))
            let context = OwnedRuntimeContext(
                kind: .grpc, modelID: "m",
                entries: [
                    .init("x-where", .binary(Array("10.0.0.1:80".utf8))), .init("X-WHERE", .text("10.0.0.2:80")),
                ])
            #expect(await fixture.dispatch(context) == .handled)
            #expect(fixture.endpoint()?.address == "10.0.0.1:80")
        }
    }

    @Test func `without an allow list no header is followed, and what else follows it is not its business`()
        async throws
    {
        try await withRemote { fixture in
            try await fixture.start(["connection": ["hostname": "base:1"], "models": ["m"]])
            let outcome = await fixture.route("10.0.0.1:80")
            #expect(outcome.reason == .routeNotAllowed)
            guard case .declined = outcome else {
                Issue.record("it is \(outcome)")
                return
            }
            #expect(fixture.endpoint()?.address == "base:1")
            for header in ["10.0.0.1:80", "no server", ""] {
                #expect(await fixture.route(header, "other") == .ignored)
            }
            try await fixture.start(["connection": ["hostname": "base:1"], "route_refused": "use_default"])
            #expect(await fixture.route("10.0.0.1:80") == .ignored)
        }
    }

    @Test(arguments: RouteScope.allCases)
    func `a route is taken only for a model of its patterns or entries, and stored for no other`(
        scope: RouteScope
    ) async throws {
        try await withRemote { fixture in
            fixture.name("a.models.internal", "10.0.0.3")
            for connection in [[:], ["hostname": "base:1"]] as [ConfigValue] {
                try await fixture.start(
                    Self.configuration([
                        "connection": connection, "models": ["r*", "ok"], "remote_models": ["own": ["hostname": "h:1"]],
                        "route_scope": .string(scope.rawValue),
                    ]))
                for model in ["zz", "l1", "x1", "other", ""] {
                    for header in ["10.0.0.1:80", "11.0.0.1:80", "a.models.internal:80", "no server", ""] {
                        #expect(await fixture.route(header, model) == .ignored)
                    }
                    #expect(fixture.endpoint(model) == nil)
                }
                for model in ["r1", "ok", "own"] {
                    let taken = await fixture.route("10.0.0.1:80", model)
                    switch scope {
                    case .request: #expect(taken == .routed(ModelEndpoint(address: "10.0.0.1:80")))
                    case .modelFirstWins, .modelLastWins:
                        #expect(taken == .handled)
                        #expect(fixture.endpoint(model)?.address == "10.0.0.1:80")
                    }
                }
            }
        }
    }

    @Test func `a header that is not followed has no say about a model that only a route could place`() async throws {
        try await withRemote { fixture in
            for refusal in RouteRefusal.allCases {
                try await fixture.start([
                    "remote_models": ["a": ["hostname": "h:1"]], "route_allow": ["10.0.0.0/8"],
                    "route_refused": .string(refusal.rawValue),
                ])
                guard case .declined(let error) = await fixture.route("192.0.2.1:80", "b") else {
                    Issue.record("it is not declined")
                    return
                }
                #expect(error.reason == .routeNotAllowed)
                #expect(fixture.endpoint("b") == nil)
                let own = await fixture.route("192.0.2.1:80", "a")
                if case .refused = own { #expect(refusal == .fail) } else { #expect(refusal == .useDefault) }
                #expect(own.reason == .routeNotAllowed)
            }
        }
    }

    @Test(arguments: [
        "169.254.169.254:80", "[::ffff:169.254.169.254]:80", "127.0.0.1:80", "[::1]:80", "other:80",
        "meta.models.internal:80",
    ])
    func `a host that is not allowed is not followed, as the metadata service is not`(route: String) async throws {
        try await withRemote { fixture in
            try await fixture.start(Self.configuration())
            fixture.name("meta.models.internal", "169.254.169.254")
            fixture.name("other", "10.0.0.1", "8.8.8.8")
            let outcome = await fixture.route(route)
            #expect(outcome.reason == .routeNotAllowed)
            guard case .refused(let error) = outcome else { return }
            #expect(!error.message.contains(route))
        }
    }

    @Test(arguments: ["", "host", "2852039166:80", "0xa9fea9fe:80", "http://h:1", "h:0"])
    func `a header that does not name a server is an error`(route: String) async throws {
        try await withRemote { fixture in
            try await fixture.start(Self.configuration())
            #expect(await fixture.route(route).reason == .routeInvalid)
        }
    }

    @Test(arguments: [false, true])
    func `a name that cannot be looked up does not lead to the default server`(usesDefault: Bool) async throws {
        try await withRemote { fixture in
            try await fixture.start(Self.configuration(usesDefault ? ["route_refused": "use_default"] : [:]))
            let context = OwnedRuntimeContext(
                kind: .http, modelID: "m", entries: [.init("x-ROUTE-info", .text("a.models.internal:80"))])
            guard case .pending(_, let unfinished) = fixture.backend.handleRuntimeContext(context) else {
                Issue.record("nothing is looked up")
                return
            }
            let late = BackendError(.deadlineExceeded, .contextTimeout, "late")
            #expect(unfinished(late) == (usesDefault ? .failed(late) : .refused(late)))
            // Neither is an unknown one.
            let unknown = await fixture.dispatch(context)
            #expect(unknown.reason == .nameNotResolved)
            if case .refused = unknown { #expect(!usesDefault) } else { #expect(usesDefault) }
        }
    }

    @Test func `a name is looked up once, and the checked address is handed over`() async throws {
        try await withRemote { fixture in
            try await fixture.start(Self.configuration(["route_scope": "request"]))
            fixture.name("a.models.internal", "8.8.8.8", "8.8.4.4")
            #expect(await fixture.route("a.models.internal:80") == .routed(ModelEndpoint(address: "8.8.8.8:80")))
            // It stands for something else now, and what was checked stays.
            fixture.name("a.models.internal", "169.254.169.254")
            #expect(await fixture.route("a.models.internal:80") == .routed(ModelEndpoint(address: "8.8.8.8:80")))
            #expect(fixture.lookups.elements == ["a.models.internal"])
        }
    }

    @Test func `an unknown name is an error`() async throws {
        try await withRemote { fixture in
            try await fixture.start(Self.configuration())
            #expect(await fixture.route("b.models.internal:80").reason == .nameNotResolved)
        }
    }

    @Test(arguments: [("model_first_wins", "10.0.0.1:80"), ("model_last_wins", "10.0.0.2:80"), ("request", "base:1")])
    func `a second value of the header counts as the scope says`(scope: String, address: String) async throws {
        try await withRemote { fixture in
            try await fixture.start(Self.configuration(["route_scope": .string(scope)]))
            let (first, second) = (await fixture.route("10.0.0.1:80"), await fixture.route("10.0.0.2:80"))
            #expect(fixture.endpoint()?.address == address)
            #expect(fixture.endpoint("other")?.address == "base:1")
            switch scope {
            case "request":
                #expect(first == .routed(ModelEndpoint(address: "10.0.0.1:80")))
                #expect(second == .routed(ModelEndpoint(address: "10.0.0.2:80")))
            case "model_last_wins":
                #expect([first, second] == [.handled, .handled])
            default:
                #expect([first, second] == [.handled, .ignored])
            }
        }
    }

    @Test(arguments: ["model_first_wins", "model_last_wins", "request"])
    func `a header that is not allowed is refused in each scope, whatever route the model has`(
        scope: String
    ) async throws {
        try await withRemote { fixture in
            try await fixture.start(
                Self.configuration(["remote_models": ["a": ["hostname": "h:1"]], "route_scope": .string(scope)]))
            fixture.name("b.models.internal", "10.0.0.3")
            fixture.name("other", "8.8.8.8")
            fixture.name("meta.models.internal", "169.254.169.254")
            for model in ["m", "a"] {
                _ = await fixture.route("10.0.0.1:80", model)
                let before = fixture.endpoint(model)
                for header in ["11.0.0.1:80", "other:80", "meta.models.internal:80"] {
                    #expect(await fixture.route(header, model).reason == .routeNotAllowed)
                }
                #expect(fixture.endpoint(model) == before)
            }
            guard scope == "model_first_wins" else { return }
            #expect(await fixture.route("b.models.internal:80") == .ignored)
            // The route that counts is not looked up again.
            #expect(await fixture.route("10.0.0.1:80") == .handled)
        }
    }

    @Test func `a route lasts until the backend stops`() async throws {
        try await withRemote { fixture in
            try await fixture.start(Self.configuration())
            #expect(await fixture.route("10.0.0.1:80") == .handled)
            try await fixture.backend.stop()
            try await fixture.start(Self.configuration())
            #expect(fixture.endpoint()?.address == "base:1")
        }
    }

    @Test func `without a base a route works with what it says`() async throws {
        try await withRemote { fixture in
            try await fixture.start([
                "remote_models": ["a": ["hostname": "h:1"]], "route_allow": ["10.0.0.0/8"],
            ])
            #expect(await fixture.route("10.0.0.1:80") == .handled)
            #expect(fixture.endpoint() == ModelEndpoint(address: "10.0.0.1:80"))
            #expect(await fixture.route("10.0.0.1:80", "a") == .handled)
            #expect(fixture.endpoint("a")?.address == "10.0.0.1:80")
        }
    }

    @Test func `a route is filled with defaults, but a client's certificate goes to configured servers alone`()
        async throws
    {
        let certificates = try await Certificates()
        let client = try await certificates.issue("client")
        let connection: ConfigValue = [
            "hostname": "10.0.0.9:80", "ca_cert_file": .string(certificates.authority.certificate),
            "client_cert_file": .string(client.certificate), "client_key_file": .string(client.key),
        ]
        for sends in [false, true] {
            try await withRemote { fixture in
                let configuration = Self.configuration([
                    "connection": connection, "route_scope": "request", "route_send_client_cert": .bool(sends),
                ])
                let before = try await fixture.start(configuration)
                fixture.name("a.models.internal", "10.0.0.1")
                guard case .routed(let named) = await fixture.route("a.models.internal:80"),
                    case .routed(let configured) = await fixture.route("10.0.0.9:80")
                else {
                    Issue.record("not routed")
                    return
                }
                #expect(named.address == "10.0.0.1:80")
                #expect(named.tls?.serverName == "a.models.internal")
                #expect(named.tls?.caCertFile == certificates.authority.certificate)
                #expect(named.tls?.clientCertFile == (sends ? client.certificate : nil))
                #expect(named.tls?.clientKeyFile == (sends ? client.key : nil))
                #expect(configured.tls?.clientCertFile == client.certificate)
                // Routes leave what the caller has configured as it was.
                #expect(fixture.endpoint()?.tls?.serverName == nil)
                #expect(before["connection"]?.mapValue?.keys.sorted() == connection.mapValue?.keys.sorted())
            }
        }
    }

    @Test func `defaults are left out on request`() async throws {
        let certificates = try await Certificates()
        try await withRemote { fixture in
            try await fixture.start(
                Self.configuration([
                    "connection": ["ca_cert_file": .string(certificates.authority.certificate)],
                    "fill_with_defaults": false, "route_scope": "request",
                ]))
            #expect(await fixture.route("10.0.0.1:80") == .routed(ModelEndpoint(address: "10.0.0.1:80")))
        }
    }

    @Test func `a tested model that gets a route moves`() async throws {
        try await withRemote { fixture in
            try await fixture.start(Self.configuration(["test_connections": true, "route_scope": "model_last_wins"]))
            for address in ["10.0.0.1:80", "10.0.0.1:80", "10.0.0.2:80"] {
                #expect(await fixture.route(address) == .handled)
            }
            #expect(fixture.reports.elements == ["m 10.0.0.1:80", "m 10.0.0.2:80"])
        }
    }

    // MARK: Over a restart of the daemon

    @Test func `a route that is learned is told, once`() async throws {
        try await withRemote { remote in
            remote.name("a.models.internal", "10.0.0.1")
            try await remote.start(Self.configuration())
            for _ in 0..<2 { #expect(await remote.route("a.models.internal:80") == .handled) }
            let address = try #require(IPAddress("10.0.0.1"))
            #expect(
                remote.learned.elements == [
                    LearnedRoute(model: "m", server: try HostPort(parsing: "a.models.internal:80"), address: address)
                ])
        }
    }

    @Test(
        arguments: [
            ([:], "10.0.0.1:80"), (["route_allow": ["10.0.0.2"]], "base:1"), (["route_scope": "request"], "base:1"),
        ] as [(TextMap<ConfigValue>, String)])
    func `routes of the last run are taken over as far as the configuration allows them`(
        more: TextMap<ConfigValue>, endpoint: String
    ) async throws {
        try await withRemote { remote in
            let server = try HostPort(parsing: "10.0.0.1:80")
            let route = LearnedRoute(model: "m", server: server, address: try #require(server.address))
            try await remote.start(Self.configuration(more), routes: [route])
            #expect(remote.endpoint()?.address == endpoint)
            #expect(remote.learned.elements.isEmpty)
        }
    }
}
