// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI
internal import SocketRPC
internal import SystemIO
internal import TestSupport
import Testing

/// Every command with every class of error.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct ExitStatusTableTests {
    private static let commands = [
        ["types"], ["list"], ["get", "x"], ["status", "x"], ["create", "x", "--type", "LOCAL"], ["delete", "x"],
        ["config", "get", "x"], ["config", "set", "x", "a=1"], ["config", "merge", "x", "a: 1"], ["start", "x"],
        ["start", "x", "y"], ["stop", "x"], ["restart", "x"], ["lock", "x", "--", "true"], ["models"],
        ["models", "--available"], ["load", "m"], ["unload", "m"], ["resolve", "m"], ["use", "m", "--", "true"],
        ["explain", "m"], ["context", "--http", "GET /"], ["logs", "x"], ["logs", "-f", "x"], ["ps"], ["top"],
        ["watch", "--count", "1"], ["info"],
    ]

    // One code per status: `CommandLinePageTests` has the status of every code. These are many programs, which take minutes with a
    // sanitizer and show it nothing new.
    @Test(
        .enabled(if: !Sanitizer.isOn),
        arguments: [
            (.internal, 1), (.invalidArgument, 2), (.notFound, 3), (.unavailable, 4), (.permissionDenied, 5),
            (.deadlineExceeded, 6),
        ] as [(RPCStatus.Code, Int32)])
    func `each command ends with the status of the error`(code: RPCStatus.Code, status: Int32) async throws {
        try await HostileDaemon.run(failing: RPCStatus(code, reason: "SOME_REASON", "it says no; do something else")) {
            daemon in
            for command in Self.commands {
                let run = try await Backendctl.run(command, environment: ["BACKENDD_SOCKET": daemon.path])
                #expect(run.status == status, "\(command) \(run.error)")
                #expect(run.error.contains("SOME_REASON: "), "\(command) \(run.error)")
                #expect(run.output.isEmpty, "\(command)")
            }
        }
    }

    @Test func `each command without a daemon ends with 7`() async throws {
        let directory = try TemporaryDirectory()
        for command in Self.commands {
            let run = try await Backendctl.run(command, environment: ["BACKENDD_SOCKET": directory.file("none")])
            #expect(run.status == 7, "\(command) \(run.error)")
            #expect(run.error.filter { $0 == "\n" }.count == 1, "\(command) \(run.error)")
        }
    }

    @Test func `of several backends all are tried, each failure is named, and the highest status counts`() async throws
    {
        try await withBackendctl(
            configuration: """
                backends:
                  - {name: a, type: LOCAL}
                  - {name: bad, type: PROCESS, config: {command: [/nonexistent, "${PORT}"]}}
                """
        ) { backendctl in
            let run = try await backendctl("start", "nosuch", "bad", "lcoal", "a")
            #expect(run.status == 4)
            #expect(run.output == "a is started\n")
            let errors = run.error.split(separator: "\n")
            #expect(errors.count == 3)
            for (error, name) in zip(errors, ["nosuch", "bad", "lcoal"]) { #expect(error.contains(name)) }
            let reversed = try await backendctl("start", "a", "bad", "aa")
            #expect(reversed.status == 4 && reversed.output == "a was already started\n")
            #expect(reversed.error.contains("did you mean 'a'?") == true)
            let all = try await backendctl("restart", "--all", "-o", "json")
            #expect(all.status == 4 && all.output.split(separator: "\n").count == 1)
        }
    }

    @Test func `a context that a backend refuses is printed, and ends as the refusal`() async throws {
        let configuration = """
            backends:
              - name: far
                type: REMOTE
                config: {connection: {hostname: "127.0.0.1:8033"}, route_allow: [127.0.0.0/8]}
            """
        try await withBackendctl(configuration: configuration) { backendctl in
            let words = [
                "context", "--model-id", "m", "--grpc-method", "/x.Y/Z", "--metadata", "x-route-info=10.0.0.1:80",
            ]
            #expect(try await backendctl("start", "far").status == 0)
            for format in ["table", "json", "yaml"] {
                let refused = try await Backendctl.run(
                    words + ["-o", format], environment: ["BACKENDD_SOCKET": backendctl.daemon.path])
                #expect(refused.output.contains("FAILED"), "\(refused.output)\(refused.error)")
                #expect(refused.status == 5)
            }
        }
    }
}
