// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import ConfigDocument
internal import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct WatchCommandTests {
    @Test func `each event is a line, a snapshot first`() async throws {
        try await withBackendctl { backendctl in
            let watch = try backendctl.start("watch", "--count", "3")
            let first = await watch.output.line { _ in true }
            #expect(first?.hasPrefix("snapshot  instance ") == true)
            #expect(first?.hasSuffix("  local=STOPPED") == true)
            _ = try await backendctl("start", "local")
            #expect(try await watch.wait() == .exited(0))
            let lines = await watch.output.all()
            #expect(lines.count == 3)
            #expect(lines.last?.contains("  local  STARTING -> STARTED  STARTED  generation 1") == true)
        }
    }

    @Test func `events resume behind the one that is named, as lines of JSON`() async throws {
        try await withBackendctl { backendctl in
            let instance = try #require(try await backendctl("info", "-o", "json").json["server_instance"]?.stringValue)
            _ = try await backendctl("start", "local")
            let run = try await backendctl(
                "watch", "--since", "1", "--instance", instance, "--count", "2", "-o", "json")
            let events = try run.output.split(separator: "\n").map {
                try ConfigText.parse(Array($0.utf8), name: "line").root
            }
            #expect(events.map { $0["change"]?["sequence"] } == [2, 3])
            #expect(events.first?["change"]?["old_state"] == "STOPPED")
            #expect(events.first?["change"]?["cause"] == "START_REQUESTED")
            let lost = try await backendctl("watch", "--since", "9", "--instance", "other", "--count", "2")
            #expect(lost.output.split(separator: "\n").map { $0.prefix(4) } == ["gap ", "snap"])
        }
    }

    @Test func `a watch ends with its reader, also while nothing happens`() async throws {
        try await withBackendctl { backendctl in
            let pipeline = try RunningProgram(
                ["bash", "-c", "\"$0\" watch | head -1; echo \"${PIPESTATUS[0]}\"", Backendctl.executable],
                environment: RunningProgram.environment.merging(["BACKENDD_SOCKET": backendctl.daemon.path]) { own, _ in
                    own
                })
            let lines = await pipeline.output.all()
            #expect(lines.first?.hasPrefix("snapshot") == true)
            #expect(lines.last == "141")
        }
    }

    @Test func `wrong options are wrong usage, and a timeout is one`() async throws {
        try await withBackendctl { backendctl in
            try await backendctl.expectError("watch", "--since", "1", status: 2, prefix: "INVALID_ARGUMENT USAGE: ")
            try await backendctl.expectError("watch", "--count", "0", status: 2, prefix: "INVALID_ARGUMENT USAGE: ")
            let timeout = try await backendctl("watch", "--timeout", "50ms")
            #expect(timeout.status == 6)
            #expect(timeout.error.hasPrefix("backendctl: DEADLINE_EXCEEDED"))
        }
    }
}
