// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import Testing

/// What a configuration says about a probe.
@Suite struct ProbeTests {
    private let schema = Probe.schema(period: .seconds(1), timeout: .seconds(5), failures: 3)

    private func probe(_ configuration: ConfigValue) throws -> Probe? {
        #expect(schema.violations(in: configuration) == [])
        return try Probe(configuration: schema.completed(configuration), path: "startup")
    }

    private static let kinds: [(ConfigValue, Probe.Kind)] = [
        (["http": ["path": "/health"]], .http(path: "/health", port: nil)),
        (["http": ["path": "/", "port": 80, "status": "204"]], .http(path: "/", port: 80, status: 204...204)),
        (["http": ["path": "/a?b", "status": "200-499"]], .http(path: "/a?b", port: nil, status: 200...499)),
        (["tcp": [:]], .tcp(port: nil)), (["tcp": ["port": 9]], .tcp(port: 9)),
        (["unix": [:]], .unix(path: nil)), (["unix": ["path": "/a"]], .unix(path: "/a")),
        (["grpc": [:]], .grpc(service: "", port: nil)),
        (["grpc": ["service": "a.B", "port": 7]], .grpc(service: "a.B", port: 7)),
        (["exec": ["command": ["a", "b c"]]], .exec(["a", "b c"])),
    ]

    @Test(arguments: kinds)
    func `each kind has its keys`(configuration: ConfigValue, kind: Probe.Kind) throws {
        #expect(
            try probe(configuration) == Probe(kind, period: .seconds(1), timeout: .seconds(5), failures: 3))
    }

    @Test func `times and failures are the place's own unless said`() throws {
        let probe = try #require(try probe(["tcp": [:], "period": "250ms", "timeout": "1m", "failures": 7]))
        #expect(probe == Probe(.tcp(port: nil), period: .milliseconds(250), timeout: .seconds(60), failures: 7))
    }

    @Test func `a probe must have a kind`() throws {
        #expect(try probe([:]) == nil)
        #expect(try probe(["period": "2s"]) == nil)
    }

    @Test func `several kinds are refused with their names`() throws {
        let error = #expect(throws: BackendError.self) { _ = try probe(["tcp": [:], "http": ["path": "/"]]) }
        #expect(error?.reason == .configInvalid)
        #expect(
            error?.violations == [
                FieldViolation(
                    path: "config.startup",
                    description: "has http and tcp; keep one of http, tcp, unix, grpc, exec, log_line")
            ])
    }

    private static let unusable: [(ConfigValue, String)] = [
        (["http": ["path": "/", "status": "300-200"]], "config.startup.http.status"),
        (["http": ["path": "/", "status": "200-"]], "config.startup.http.status"),
        (["http": ["path": "/", "status": "200-2"]], "config.startup.http.status"),
        (["exec": ["command": []]], "config.startup.exec.command"),
        (["exec": ["command": [""]]], "config.startup.exec.command"),
        (["log_line": ["pattern": "(a"]], "config.startup.log_line.pattern"),
    ]

    @Test(arguments: unusable)
    func `what cannot be used is named`(configuration: ConfigValue, path: String) throws {
        let error = #expect(throws: BackendError.self) { _ = try probe(configuration) }
        #expect(error?.violations.map(\.path) == [path])
        #expect(error?.message.contains(path) == true)
    }

    @Test(
        arguments: [
            ["http": [:]], ["http": ["path": "health"]], ["http": ["path": "/a b"]], ["tcp": ["port": 0]],
            ["tcp": ["port": 65536]], ["exec": [:]], ["log_line": [:]], ["period": "0s"], ["failures": 0],
            ["http": ["path": "/", "status": "teapot"]], ["notify": [:]],
        ] as [ConfigValue])
    func `the schema refuses the rest`(configuration: ConfigValue) {
        #expect(!schema.violations(in: configuration).isEmpty)
    }

    @Test func `a line is matched anywhere in it`() throws {
        let probe = try #require(try probe(["log_line": ["pattern": "listening on .*:[0-9]+"]]))
        #expect(probe.kind.matches("INFO listening on 127.0.0.1:8080 now"))
        #expect(!probe.kind.matches("INFO listening on 127.0.0.1:x"))
        #expect(!Probe.Kind.tcp(port: nil).matches("listening"))
    }
}
