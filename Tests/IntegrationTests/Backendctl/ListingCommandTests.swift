// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TestSupport
import Testing
import TextKeys

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct ListingCommandTests {
    @Test func `types shows a table, and the schemas as JSON`() async throws {
        try await withBackendctl { backendctl in
            let table = try await backendctl("types")
            #expect(table.status == 0)
            let names = table.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
            #expect(names == ["NAME", "FAULTY", "LOCAL", "PROCESS", "REMOTE", "TGIS"])
            let json = try await backendctl("types", "-o", "json").json
            #expect(json["types"]?.listValue?.map { $0["name"] } == ["FAULTY", "LOCAL", "PROCESS", "REMOTE", "TGIS"])
            #expect(json["types"]?.listValue?.first?["config_schema"]?["type"] == "object")
        }
    }

    @Test func `list shows the backends in priority order`() async throws {
        let configuration = "backends: [{name: b, type: LOCAL, priority: 5}, {name: a, type: LOCAL, priority: -1}]"
        try await withBackendctl(configuration: configuration) { backendctl in
            let table = try await backendctl("list")
            #expect(
                table.output == """
                    NAME  TYPE   PRIORITY  START      STATE    GENERATION  LOCK
                    a     LOCAL  -1        on_demand  STOPPED  1           -
                    b     LOCAL  5         on_demand  STOPPED  1           -

                    """)
            let json = try await backendctl("--output", "json", "list").json
            #expect(json["backends"]?.listValue?.map { $0["name"] } == ["a", "b"])
            let yaml = try await backendctl("list", "--output=yaml")
            #expect(try yaml.json["backends"]?.listValue?.last?["priority"] == 5)
        }
    }

    @Test func `info shows the daemon`() async throws {
        try await withBackendctl { backendctl in
            let json = try await backendctl("info", "--output", "json").json
            #expect(json["pid"] == .integer(Int64(backendctl.daemon.pid)))
            #expect(json["socket_path"] == .string(backendctl.daemon.path))
            #expect(json["backends"] == 1)
            let keys = [
                "backends", "connections", "input", "lost_output_bytes", "output", "pid", "protocols", "sequence",
                "server_instance", "socket_path", "start_time", "version",
            ]
            for key in ["input", "output"] {
                #expect(json[key]?["limit_bytes"] == .integer(128 << 20))
                #expect(json[key]?["refusals"] == 0)
                #expect(json[key]?["bytes"] != nil)
            }
            #expect(json.mapValue?.sortedKeys == keys)
            let text = try await backendctl("info").output
            #expect(text.contains("socket:       \(backendctl.daemon.path)\n"))
            #expect(text.contains("K of 128M, 0 refusals\n"))
        }
    }

    @Test func `get shows one backend, with origins when asked`() async throws {
        let configuration = "backends: [{name: a, type: LOCAL, config: {model: {revision: 1}}}]"
        try await withBackendctl(configuration: configuration) { backendctl in
            let text = try await backendctl("get", "a").output
            #expect(text.contains("state:       STOPPED\n"))
            #expect(text.hasSuffix("config:\n  model:\n    revision: 1\n"))
            let json = try await backendctl("get", "a", "-o", "json").json
            let keys = [
                "after", "config", "config_staged", "create_time", "enabled", "failure", "generation", "hold",
                "instances",
                "name", "priority", "start", "start_lock_holder", "started", "state", "state_time", "type", "unready",
            ]
            #expect(json.mapValue?.sortedKeys == keys)
            #expect(json["failure"] == .null)
            let origins = try await backendctl("get", "a", "--origins", "-o", "json").json["origins"]
            #expect(origins == [["path": "model.revision", "layer": "base"]])
            try await backendctl.expectError("get", "x", status: 3, prefix: "NOT_FOUND BACKEND_NOT_FOUND: ")
        }
    }
}
