// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import TestSupport
import Testing

@Suite("FAULTY", .tags(.blocking), .timeLimit(.minutes(2)))
struct FaultyTests {
    static func faulty(_ body: (ProcessFixture) async throws -> Void) async throws {
        try await withProcesses({ .faulty(on: $0) }, body)
    }

    @Test func `without a fault it is ready and stops`() async throws {
        try await Self.faulty { fixture in
            try await fixture.start([:])
            #expect(fixture.backend.instances().first?.state == .ready)
            guard case .endpoint(let endpoint, _) = fixture.backend.offer(of: "b") else {
                Issue.record("no endpoint")
                return
            }
            #expect(endpoint.address.hasPrefix("unix:/"))
        }
    }

    @Test func `it boots slowly, or not at all`() async throws {
        try await Self.faulty { fixture in
            try await fixture.start(["boot_time": "20ms"])
            try await fixture.backend.stop()
            let hang = await failure { try await fixture.start(["hang_on_boot": true, "load_timeout": "30ms"]) }
            #expect(hang?.reason == .loadTimeout)
            let exit = await failure { try await fixture.start(["boot_exit_code": 4, "stderr": "it's ${no} $macro"]) }
            #expect(exit?.reason == .exited)
            #expect(exit?.message.contains("exit code 4") == true)
            #expect(exit?.message.contains("it's ${no} $macro") == true)
        }
    }

    @Test func `it crashes after a while, again and again`() async throws {
        try await Self.faulty { fixture in
            try await fixture.start([
                "crash_after": "1ms", "exit_code": 7, "backoff": "1ms", "max_restarts": 2,
            ])
            await fixture.told("failed CRASH_LOOP")
            #expect(fixture.backend.instances().first?.failure?.message.contains("exit code 7") == true)
        }
    }

    @Test func `it ignores SIGTERM and leaves grandchildren, and is ended whole all the same`() async throws {
        try await Self.faulty { fixture in
            try await fixture.start(["ignore_term": true, "grandchildren": 3, "stop_timeout": "20ms"])
            #expect(fixture.backend.instances().first?.state == .ready)
            try await fixture.backend.stop()
            #expect(fixture.backend.instances().isEmpty)
        }
    }
}
