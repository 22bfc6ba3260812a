// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct LifecycleCommandTests {
    @Test func `a backend is started and stopped, and doing it twice is fine`() async throws {
        try await withBackendctl { backendctl in
            #expect(try await backendctl("start", "local").output == "local is started\n")
            #expect(try await backendctl("start", "local").output == "local was already started\n")
            let json = try await backendctl("start", "local", "-o", "json").json
            #expect(json["already_started"] == true)
            #expect(json["backend"]?["state"] == "STARTED")
            #expect(try await backendctl("stop", "local").output == "local is stopped\n")
            #expect(try await backendctl("stop", "local").output == "local was already stopped\n")
            #expect(try await backendctl("stop", "local", "-o", "json").json["already_stopped"] == true)
        }
    }

    @Test func `several backends are started, stopped and restarted in turn, and one that fails keeps none from it`()
        async throws
    {
        let configuration = "backends: [{name: alpha, type: LOCAL}, {name: beta, type: LOCAL}]"
        try await withBackendctl(configuration: configuration) { backendctl in
            #expect(try await backendctl("start", "alpha", "beta").output == "alpha is started\nbeta is started\n")
            #expect(try await backendctl("restart", "alpha").output == "alpha has restarted\n")
            #expect(try await backendctl("restart", "--all").output == "alpha has restarted\nbeta has restarted\n")
            #expect(try await backendctl("stop", "beta").status == 0)
            #expect(try await backendctl("restart", "--all").output == "alpha has restarted\n")
            #expect(try await backendctl("restart", "beta").output == "beta has restarted\n")
            let mixed = try await backendctl("stop", "alpah", "beta")
            #expect(mixed.status == 3)
            #expect(mixed.output == "beta is stopped\n")
            #expect(mixed.error.hasPrefix("backendctl: NOT_FOUND BACKEND_NOT_FOUND: "))
            let status = try await backendctl("status", "alpha")
            #expect(status.output.contains("STARTED for 0s, since ") || status.output.contains("STARTED for "))
            #expect(try await backendctl("ls").output == backendctl("list").output)
            #expect(try await backendctl("ps").output.hasPrefix("NAME"))
            #expect(try await backendctl("stop", "alpha", "alpha").output == "alpha is stopped\n")
            #expect(try await backendctl("stop", "beta").status == 0)
            let nothing = try await backendctl("restart", "--all")
            #expect(nothing.output.isEmpty && nothing.error.contains("no backend matches; nothing was done"))
            try await backendctl.expectError("start", status: 2, prefix: "INVALID_ARGUMENT USAGE: ")
            try await backendctl.expectError("models", "--backend", "", status: 2, prefix: "INVALID_ARGUMENT USAGE: ")
            #expect(try await backendctl("list", "-ojson").json["backends"]?.listValue?.count == 2)
            try await backendctl.expectError("stop", "a", "--all", status: 2, prefix: "INVALID_ARGUMENT USAGE: ")
        }
    }

    @Test func `a start that takes long shows what it waits for`() async throws {
        let configuration = """
            backends:
              - name: slow
                type: PROCESS
                config:
                  command: [sh, -c, "exec sleep 1000", "${SOCKET}"]
                  probes: {startup: {exec: {command: ["false"]}, period: 10ms, listener: any}}
            """
        try await withBackendctl(configuration: configuration) { backendctl in
            try await backendctl.expectError(
                "start", "slow", "--timeout", "200ms", status: 6, prefix: "DEADLINE_EXCEEDED ")
            // The start goes on, and its first probe may still be under way.
            while try await !backendctl("list").output.contains("PROBE_FAILED") {}
            let why = "PROBE_FAILED: the last result of its startup probe: false ended with exit code 1"
            #expect(try await backendctl("list").output.contains(why))
            #expect(try await backendctl("status", "slow").output.contains("0 restarts, \(why)\n"))
            #expect(try await backendctl("stop", "slow").status == 0)
        }
    }

    @Test func `a mistyped name gets a suggestion, and errors are JSON if the output is`() async throws {
        try await withBackendctl(configuration: "backends: [{name: alpha, type: LOCAL}]") { backendctl in
            #expect(try await backendctl("get", "alhpa").error.contains("did you mean 'alpha'?"))
            #expect(try await backendctl("create", "x", "--type", "LOACL").error.contains("did you mean 'LOCAL'?"))
            let run = try await backendctl("get", "alhpa", "-o", "json")
            let error = try ConfigText.parse(Array(run.error.utf8), name: "error").root
            #expect(error["code"] == "NOT_FOUND")
            #expect(error["reason"] == "BACKEND_NOT_FOUND")
            #expect(error["violations"] == [])
        }
    }

    @Test(arguments: ["start", "stop", "delete"])
    func `a backend that is not there is not found`(command: String) async throws {
        try await withBackendctl { backendctl in
            try await backendctl.expectError(command, "x", status: 3, prefix: "NOT_FOUND BACKEND_NOT_FOUND: ")
        }
    }

    @Test func `a wait for the lock of another process ends with the timeout`() async throws {
        try await withBackendctl { backendctl in
            let holder = try backendctl.start("lock", "local", "--", "sh", "-c", "echo held; exec sleep 600")
            _ = await holder.output.line { $0 == "held" }
            try await backendctl.expectError("start", "local", status: 4, prefix: "ABORTED START_LOCK_HELD: ")
            try await backendctl.expectError(
                "start", "local", "--lock-wait", "10m", "--timeout", "50ms", status: 6, prefix: "DEADLINE_EXCEEDED")
            try holder.signal(.terminate)
            #expect(try await holder.wait() == .exited(143))
        }
    }
}
