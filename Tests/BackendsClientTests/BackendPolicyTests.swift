// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct BackendPolicyTests {
    @Test func `a backend has the policy and the order that it was created with`() async throws {
        try await withDaemonClient { client in
            let created = try await client.createBackend("b", type: "LOCAL", start: .boot, after: ["local"])
            #expect(created.start == .boot && created.after == ["local"] && created.isEnabled && created.hold == nil)
            #expect(try await client.backend("local").describe().start == .onDemand)
            try await expectRefusal("ORDER_INVALID") {
                try await client.createBackend("c", type: "LOCAL", after: ["x"])
            }
        }
    }

    @Test func `a stop holds until a start, and events tell of it`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            try await backend.registerConfig(["models": ["m"]], owner: "me")
            let hold = try #require(try await backend.stop().backend.hold)
            #expect(hold.pid == ProcessInformation.pid && hold.uid == ProcessInformation.uid && hold.time != nil)
            try await expectRefusal("BACKEND_HELD") {
                _ = try await client.resolveModel("m", allowInProcess: true)
            }
            let info = try await client.serverInfo()
            #expect(try await backend.start().backend.isStarted)
            try await client.withEvents(from: EventPosition(run: info.run, sequence: info.sequence - 1)) { events in
                var causes: [String] = []
                for try await case .change(let change) in events {
                    causes.append(change.cause.rawValue + (change.hold == nil ? "" : " held"))
                    if change.cause == .started { break }
                }
                #expect(causes == ["HELD held", "START_REQUESTED", "STARTED"])
            }
            _ = try await client.resolveModel("m", allowInProcess: true)
        }
    }

    @Test func `a policy of a newer daemon survives`() {
        let described = BackendDescription(Backend(start: .unrecognized(9)))
        #expect(described.start == .other(9) && described.start.description == "POLICY_9")
        #expect(BackendDescription(Backend()).start == .onDemand)
    }

    @Test func `a backend is disabled and enabled`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            #expect(try await backend.disable().isChanged)
            let again = try await backend.disable()
            #expect(!again.isChanged && !again.backend.isEnabled)
            #expect(try await backend.enable().isChanged)
            let enabled = try await backend.enable()
            #expect(!enabled.isChanged && enabled.backend.isEnabled)
        }
    }

    @Test func `a backend is restarted whole, and parts that it does not have are refused`() async throws {
        try await withDaemonClient { client in
            let backend = client.backend("local")
            #expect(try await backend.restart().isStarted)
            #expect(try await backend.restart().isStarted)
            #expect(try await !backend.start(fresh: true).isChanged)
            try await expectRefusal("INSTANCE_NOT_FOUND") { try await backend.restartInstance("x") }
            try await expectRefusal("MODEL_NOT_SERVED") { try await backend.restartModel("x") }
        }
    }
}
