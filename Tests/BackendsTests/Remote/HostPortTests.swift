// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import Testing

@Suite("Servers of other hosts")
struct HostPortTests {
    @Test(arguments: ["host:1", "a-b.c_d:65535", "10.0.0.1:8033", "[::1]:8033", "[fd00::1]:1"])
    func `a server is shown as it is read`(text: String) throws {
        #expect(try HostPort(parsing: text).description == text)
    }

    @Test func `names have no case`() throws {
        #expect(try HostPort(parsing: "Models.Internal:80") == HostPort(parsing: "models.internal:80"))
    }

    @Test(arguments: [
        "", "host", "host:", "host:0", "host:65536", "host:+1", "host:1:2", "::1:8033", "[::1]", "[::1]8033",
        "[host]:1",
        "ho st:1", "user@host:1", "host/path:1", "a..b:1", ":1", "2130706433:1", "0x7f000001:1", "127.1:1", "a.0x1:1",
        "https://host:1",
    ])
    func `an invalid server is refused`(text: String) {
        #expect(throws: Problem.self) { try HostPort(parsing: text) }
    }

    @Test func `a template gives each model its server`() throws {
        let template = try ModelTemplate(parsing: "{model_id}.models.internal:8033")
        #expect(try template.server(of: "llama").description == "llama.models.internal:8033")
        #expect(try ModelTemplate(parsing: "[::1]:8033").server(of: "llama").description == "[::1]:8033")
    }

    @Test(arguments: ["a/b", "a:1", "a b", "[::1]", "evil.com:80/", ""])
    func `an id that does not fit into a host's name has no server`(id: String) throws {
        let template = try ModelTemplate(parsing: "{model_id}.models.internal:8033")
        #expect(throws: Problem.self) { try template.server(of: id) }
    }

    @Test(arguments: [
        "{ns}.svc:8033", "{model_id.svc:8033", "model_id}.svc:8033", "{model_id}", "{}:1", "{{model_id}}:1",
    ])
    func `a template with an unknown placeholder, or without a port, is refused`(text: String) {
        #expect(throws: Problem.self) { try ModelTemplate(parsing: text) }
    }

    private static func list(_ entries: String...) throws -> RouteAllowList {
        var list = RouteAllowList()
        for entry in entries { try list.add(entry) }
        return list
    }

    private static func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test func `a route to an address needs a block that holds it, and its port`() throws {
        let list = try Self.list("10.0.0.0/8:8000-8100", "[fd00::/8]:80", "*")
        #expect(try list.allows(Self.address("10.1.2.3"), port: 8033))
        #expect(try !list.allows(Self.address("10.1.2.3"), port: 8101))
        #expect(try list.allows(Self.address("fd00::1"), port: 80))
        #expect(try !list.allows(Self.address("169.254.169.254"), port: 80))
    }

    @Test func `a route to a name needs the name allowed, or all its addresses`() throws {
        let list = try Self.list("*.models.internal:8033", "10.0.0.0/8")
        let (inside, outside) = (try Self.address("10.0.0.1"), try Self.address("8.8.8.8"))
        #expect(list.allows("a.models.internal", at: [outside], port: 8033))
        #expect(!list.allows("a.models.internal", at: [outside], port: 80))
        #expect(list.allows("other", at: [inside], port: 80))
        #expect(!list.allows("other", at: [inside, outside], port: 80))
        #expect(!list.allows("other", at: [], port: 80))
    }

    @Test(arguments: ["127.0.0.1", "169.254.169.254", "::1", "fe80::1", "0.0.0.0"])
    func `an allowed name that stands for this host or its link is not followed`(text: String) throws {
        #expect(try !Self.list("*").allows("evil.models.internal", at: [Self.address(text)], port: 80))
        #expect(try Self.list("127.0.0.0/8").allows("localhost", at: [Self.address("127.0.0.1")], port: 80))
    }

    @Test(arguments: [
        "", "10.0.0.1/8", "10.0.*", "a b", "host:0", "host:9-1", "host:x", "[fd00::/8", "[fd00::/8]80", "a/b",
    ])
    func `an entry that can allow nothing is refused`(text: String) {
        #expect(throws: Problem.self) { try Self.list(text) }
    }

    @Test func `routes and names are remembered within bounds`() throws {
        var table = RouteTable()
        let server = try HostPort(parsing: "10.0.0.1:80")
        let endpoint = ModelEndpoint(address: "10.0.0.1:80")
        for number in 0..<RouteTable.modelLimit {
            #expect(table.store(endpoint, for: "m\(number)", from: server, scope: .modelFirstWins) == .stored)
        }
        #expect(table.store(endpoint, for: "more", from: server, scope: .modelFirstWins) == .full)
        for number in 0...RouteTable.nameLimit {
            table.remember([try Self.address("10.0.0.1")], of: "n\(number)", at: .zero)
        }
        #expect(table.addresses(of: "n0", at: .zero) == nil)
        #expect(table.addresses(of: "n\(RouteTable.nameLimit)", at: .zero) != nil)
        #expect(table.addresses(of: "n\(RouteTable.nameLimit)", at: RouteTable.nameLife) == nil)
    }
}
