// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
import SocketRPC
import SystemIO
import TestSupport
import Testing

@Suite struct WatchTests {
    @Test func `a watch begins with a snapshot and tells every change`() async throws {
        try await withDaemonClient { client in
            let told = Recorder<String>()
            try await client.watch { event in
                switch event {
                case .snapshot(let snapshot):
                    told.append(snapshot.backends.map(\.name).joined(separator: ","))
                    try await client.backend("local").start()
                    try await client.backend("local").delete(force: true)
                case .change(let change):
                    let (old, new) = (change.oldState?.description ?? "-", change.newState?.description ?? "-")
                    told.append("\(change.position.sequence) \(old) \(new) \(change.cause)")
                    if change.newState == nil { return .stop }
                case .instance, .model:
                    told.append("unexpected")
                case .gap:
                    told.append("gap")
                }
                return .proceed
            }
            #expect(
                told.elements == [
                    "local", "2 STOPPED STARTING START_REQUESTED", "3 STARTING STARTED STARTED",
                    "4 STARTED STOPPING DELETE_REQUESTED", "5 STOPPING STOPPED STOPPED", "6 STOPPED - DELETED",
                ])
        }
    }

    @Test func `a watch resumes behind the position it is given`() async throws {
        try await withDaemonClient { client in
            try await client.backend("local").start()
            let sequences = Recorder<UInt64>()
            try await client.watch(from: WatchPosition(instance: "run-1", sequence: 1)) { event in
                guard case .change(let change) = event else { return .stop }
                sequences.append(change.position.sequence)
                return change.position.sequence == 3 ? .stop : .proceed
            }
            #expect(sequences.elements == [2, 3])
        }
    }

    @Test func `another run of the daemon is a gap and a snapshot`() async throws {
        try await withDaemonClient { client in
            let kinds = Recorder<String>()
            try await client.watch(from: WatchPosition(instance: "earlier", sequence: 5)) { event in
                switch event {
                case .gap: kinds.append("gap")
                case .snapshot: kinds.append("snapshot")
                case .change, .instance, .model: kinds.append("change")
                }
                return kinds.elements.last == "snapshot" ? .stop : .proceed
            }
            #expect(kinds.elements == ["gap", "snapshot"])
        }
    }

    @Test func `a snapshot in parts is told as one`() async throws {
        let observer = ScriptedObserver { (_, responses) async throws(RPCStatus) in
            for (number, name) in ["a", "b", "c"].enumerated() {
                let part = BackendsSnapshot(
                    serverInstance: "run", sequence: 7, backends: [Backend(name: name)],
                    models: number == 2 ? [Model(modelID: "m")] : [], more: number < 2)
                try await responses.send(WatchBackendsResponse(event: .snapshot(part)))
            }
        }
        try await withScript([observer.rpcService]) { client in
            let told = Recorder<BackendSnapshot>()
            try await client.watch { event in
                if case .snapshot(let snapshot) = event { told.append(snapshot) }
                return .stop
            }
            let snapshot = try #require(told.elements.first)
            #expect(snapshot.backends.map(\.name) == ["a", "b", "c"])
            #expect(snapshot.models.map(\.modelID) == ["m"])
            #expect(snapshot.position == WatchPosition(instance: "run", sequence: 7))
        }
    }

    @Test func `a lost watch resumes where it was`() async throws {
        let requests = Recorder<WatchBackendsRequest>()
        let observer = ScriptedObserver { (request, responses) async throws(RPCStatus) in
            requests.append(request)
            let next = request.sinceSequence + 1
            let change = BackendsAPI.BackendEvent(sequence: next, serverInstance: "run", backend: "b", cause: "CREATED")
            try await responses.send(WatchBackendsResponse(event: .change(change)))
            switch next {
            case 1: throw RPCStatus(.unavailable, "going down")
            case 2: throw RPCStatus(.resourceExhausted, reason: "SLOW_READER", "too slow")
            default: return
            }
        }
        let lost = Recorder<String>()
        try await withScript([observer.rpcService]) { client in
            try await client.watch(whenLost: { lost.append($0.message) }) { event in
                guard case .change(let change) = event else { return .stop }
                return change.position.sequence == 4 ? .stop : .proceed
            }
        }
        #expect(requests.elements.map(\.sinceSequence) == [0, 1, 2, 3])
        #expect(requests.elements.map(\.serverInstance) == ["", "run", "run", "run"])
        #expect(lost.elements == ["going down", "too slow", "the daemon ended the watch"])
    }

    @Test func `a refused watch is not tried again`() async throws {
        let count = Guarded(0)
        let observer = ScriptedObserver { (_, _) async throws(RPCStatus) in
            count.withLock { $0 += 1 }
            throw RPCStatus(.unavailable, reason: "SHUTTING_DOWN", "going down")
        }
        let refused = try await withScript([observer.rpcService]) { client in
            try await reason { try await client.watch { _ in .proceed } }
        }
        #expect(refused == "SHUTTING_DOWN")
        #expect(count.withLock { $0 } == 1)
    }

    @Test func `what the body throws ends the watch`() async throws {
        struct Failure: Error {}
        try await withDaemonClient { client in
            await #expect(throws: Failure.self) { try await client.watch { _ in throw Failure() } }
        }
    }

    @Test func `a watch ends with its timeout`() async throws {
        try await withDaemonClient { client in
            let error = await #expect(throws: BackendClientError.self) {
                try await client.watch(timeout: .milliseconds(50)) { _ in .proceed }
            }
            #expect(error?.code == .deadlineExceeded)
        }
    }

    @Test func `an error keeps its code, reason and metadata`() async throws {
        let observer = ScriptedObserver { (_, _) async throws(RPCStatus) in }
        try await withScript([observer.rpcService]) { client in
            let error = await #expect(throws: BackendClientError.self) { try await client.serverInfo() }
            #expect(error?.description == "PERMISSION_DENIED PEER_NOT_ALLOWED: user 7 may not")
            #expect(error?.metadata == ["uid": "7"])
        }
    }
}
