// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct LifecycleCommandTests {
    @Test func `a backend is started and stopped, and doing it twice is fine`() async throws {
        try await withBackendctl { backendctl in
            #expect(try await backendctl("start", "local").output == "local is started\n")
            #expect(try await backendctl("start", "local").output == "local was started already\n")
            let json = try await backendctl("start", "local", "-o", "json").json
            #expect(json["already_started"] == true)
            #expect(json["backend"]?["state"] == "STARTED")
            #expect(try await backendctl("stop", "local").output == "local is stopped\n")
            #expect(try await backendctl("stop", "local").output == "local was stopped already\n")
            #expect(try await backendctl("stop", "local", "-o", "json").json["already_stopped"] == true)
        }
    }

    @Test(arguments: ["start", "stop", "delete"])
    func `a backend that is not there is not found`(command: String) async throws {
        try await withBackendctl { backendctl in
            try await backendctl.expectError(command, "x", status: 3, prefix: "NOT_FOUND BACKEND_NOT_FOUND: ")
        }
    }

    @Test func `a wait for somebody else's lock ends with the timeout`() async throws {
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
