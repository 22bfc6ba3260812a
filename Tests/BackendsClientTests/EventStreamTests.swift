// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
import SocketRPC
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct EventStreamTests {
    private static func sequences(_ events: [DaemonEvent]) -> [UInt64] {
        events.compactMap { event in
            guard case .change(let change) = event else { return nil }
            return change.position.sequence
        }
    }

    @Test func `a stream begins with a snapshot and has every change`() async throws {
        try await withDaemonClient { client in
            var told: [String] = []
            try await client.withEvents { events in
                for try await event in events {
                    switch event {
                    case .snapshot(let snapshot):
                        told.append(snapshot.backends.map(\.name).joined(separator: ","))
                        try await client.backend("local").start()
                        try await client.backend("local").delete(force: true)
                    case .change(let change):
                        let (old, new) = (change.oldState?.description ?? "-", change.newState?.description ?? "-")
                        told.append("\(change.position.sequence) \(old) \(new) \(change.cause)")
                        if change.newState == nil { return }
                    case .instance, .model:
                        told.append("unexpected")
                    case .gap:
                        told.append("gap")
                    }
                }
            }
            #expect(
                told == [
                    "local", "2 STOPPED STARTING START_REQUESTED", "3 STARTING STARTED STARTED",
                    "4 STARTED STOPPING DELETE_REQUESTED", "5 STOPPING STOPPED STOPPED", "6 STOPPED - DELETED",
                ])
        }
    }

    @Test func `a stream resumes after the position it is given`() async throws {
        try await withDaemonClient { client in
            try await client.backend("local").start()
            let events = try await client.withEvents(from: EventPosition(run: "run-1", sequence: 1)) { events in
                try await events.prefix(2).reduce(into: []) { $0.append($1) }
            }
            #expect(Self.sequences(events) == [2, 3])
        }
    }

    @Test func `another run of the daemon gives a gap and a snapshot`() async throws {
        try await withDaemonClient { client in
            let kinds = try await client.withEvents(from: EventPosition(run: "earlier", sequence: 5)) { events in
                var kinds: [String] = []
                for try await event in events {
                    switch event {
                    case .gap: kinds.append("gap")
                    case .snapshot: kinds.append("snapshot")
                    case .change, .instance, .model: kinds.append("change")
                    }
                    if kinds.last == "snapshot" { break }
                }
                return kinds
            }
            #expect(kinds == ["gap", "snapshot"])
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
            let event = try await client.withEvents { events in try await events.first { _ in true } }
            guard case .snapshot(let snapshot) = event else {
                return _ = Issue.record("the first event is not a snapshot")
            }
            #expect(snapshot.backends.map(\.name) == ["a", "b", "c"])
            #expect(snapshot.models.map(\.modelID) == ["m"])
            #expect(snapshot.position == EventPosition(run: "run", sequence: 7))
        }
    }

    @Test func `a lost stream resumes after the last change`() async throws {
        let requests = Recorder<WatchBackendsRequest>()
        let observer = ScriptedObserver { (request, responses) async throws(RPCStatus) in
            requests.append(request)
            let next = request.sinceSequence + 1
            let change = BackendEvent(sequence: next, serverInstance: "run", backend: "b", cause: "CREATED")
            try await responses.send(WatchBackendsResponse(event: .change(change)))
            switch next {
            case 1: throw RPCStatus(.unavailable, "going down")
            case 2: throw RPCStatus(.resourceExhausted, reason: "SLOW_READER", "too slow")
            default: return
            }
        }
        let lost = Recorder<String>()
        try await withScript([observer.rpcService]) { client in
            let events = try await client.withEvents(onInterruption: { lost.append($0.message) }) { events in
                try await events.prefix(4).reduce(into: []) { $0.append($1) }
            }
            #expect(Self.sequences(events) == [1, 2, 3, 4])
        }
        #expect(requests.elements.map(\.sinceSequence) == [0, 1, 2, 3])
        #expect(requests.elements.map(\.serverInstance) == ["", "run", "run", "run"])
        #expect(lost.elements == ["going down", "too slow", "the daemon ended the watch"])
    }

    @Test func `a refused stream is not tried again`() async throws {
        let count = Guarded(0)
        let observer = ScriptedObserver { (_, _) async throws(RPCStatus) in
            count.withLock { $0 += 1 }
            throw RPCStatus(.unavailable, reason: "SHUTTING_DOWN", "going down")
        }
        let refused = try await withScript([observer.rpcService]) { client in
            try await reason { try await client.withEvents { for try await _ in $0 {} } }
        }
        #expect(refused == "SHUTTING_DOWN")
        #expect(count.withLock { $0 } == 1)
    }

    @Test func `an error of the body ends the stream`() async throws {
        struct Failure: Error {}
        try await withDaemonClient { client in
            await #expect(throws: Failure.self) { try await client.withEvents { _ in throw Failure() } }
        }
    }

    @Test func `a stream ends with its timeout`() async throws {
        try await withDaemonClient { client in
            let error = await #expect(throws: BackendClientError.self) {
                try await client.withEvents(timeout: .milliseconds(50)) { for try await _ in $0 {} }
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
