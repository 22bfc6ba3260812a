// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsServer
import BackendsTestSupport
import SocketRPC
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ObserveServiceTests {
    @Test func `the server tells what it is`() async throws {
        try await withService { service in
            try await service.client.create("a")
            let info = try await service.client.observe.getServerInfo(GetServerInfoRequest())
            #expect(info.version == "1.2.3")
            #expect(info.serverInstance == ServerFixture.instance)
            #expect(info.pid == ProcessInformation.pid)
            #expect(info.protocols == ["ttrpc", "grpc"])
            #expect(info.socketPath == service.path)
            #expect(info.connections == 1)
            #expect(info.backends == 1)
            #expect(info.sequence == 1)
            #expect((info.startTime?.seconds ?? 0) > 1_700_000_000)
            try await service.withClient { other in
                let info = try await other.observe.getServerInfo(GetServerInfoRequest())
                #expect(info.connections == 2)
            }
        }
    }

    @Test func `a watch begins with a snapshot and goes on with every change`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a")
            try await client.observe.watching { stream in
                let snapshot = try await stream.snapshot()
                #expect(snapshot.serverInstance == ServerFixture.instance)
                #expect(snapshot.sequence == 1)
                #expect(snapshot.backends.map(\.name) == ["a"])
                try await client.start("a")
                try await client.create("b")
                try await client.delete("b")
                let changes = try await stream.changes(4)
                #expect(changes.map(\.sequence) == [2, 3, 4, 5])
                #expect(changes.map(\.cause) == ["START_REQUESTED", "STARTED", "CREATED", "DELETED"])
                #expect(changes.map(\.backend) == ["a", "a", "b", "b"])
                #expect(changes.map(\.oldState) == [.stopped, .starting, .unspecified, .stopped])
                #expect(changes.map(\.newState) == [.starting, .started, .stopped, .unspecified])
                #expect(Set(changes.map(\.serverInstance)) == [ServerFixture.instance])
                #expect(Set(changes.map(\.generation)) == [1])
                #expect(changes.allSatisfy { ($0.time?.seconds ?? 0) > 1_700_000_000 })
            }
        }
    }

    @Test func `a failure is told with the state`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a")
            try service.scripted["a"].onStart { () throws(BackendError) in throw .broken }
            _ = try await refusal { try await client.start("a") }
            try await client.observe.watching(ServerFixture.instance, since: 2) { stream in
                let change = try await stream.changes(1)[0]
                #expect(change.newState == .failed)
                #expect(change.failure?.reason == "START_FAILED")
            }
        }
    }

    @Test func `a watcher that has seen part of this run gets the rest`() async throws {
        try await withService { service in
            let client = service.client
            for name in ["a", "b", "c"] { try await client.create(name) }
            try await client.observe.watching(ServerFixture.instance, since: 1) { stream in
                #expect(try await stream.changes(2).map(\.backend) == ["b", "c"])
                try await client.create("d")
                #expect(try await stream.changes(1).map(\.backend) == ["d"])
            }
        }
    }

    @Test func `a watcher that has seen another run is told of the gap and gets a snapshot`() async throws {
        try await withService { service in
            for name in ["a", "b"] { try await service.client.create(name) }
            try await service.client.observe.watching("another-run", since: 77) { stream in
                let gap = try await stream.next()?.event
                #expect(gap == .gap(EventGap(from: 1, to: 2)))
                #expect(try await stream.snapshot().backends.map(\.name) == ["a", "b"])
            }
        }
    }

    @Test func `a watcher that lags behind the events that are kept is told of the gap`() async throws {
        var limits = BackendLimits()
        limits.events = 2
        try await withService(limits: limits) { service in
            for name in ["a", "b", "c", "d"] { try await service.client.create(name) }
            try await service.client.observe.watching(ServerFixture.instance, since: 1) { stream in
                #expect(try await stream.next()?.event == .gap(EventGap(from: 2, to: 4)))
                #expect(try await stream.snapshot().sequence == 4)
                try await service.client.delete("a")
                #expect(try await stream.changes(1).map(\.sequence) == [5])
            }
        }
    }

    @Test func `a replay of many events is few messages, none of them long`() async throws {
        try await withService { service in
            let client = service.client
            for index in 0..<1000 { try await client.create("b\(index)") }
            try await client.observe.watching(ServerFixture.instance, since: 1) { stream in
                let changes = try await stream.changes(999)
                #expect(changes.map(\.sequence) == Array(2...1000))
                #expect(stream.messageCount <= 4)
                #expect(stream.longestMessage <= 256 << 10)
                try await client.create("last")
                #expect(try await stream.changes(1).map(\.backend) == ["last"])
            }
        }
    }

    @Test func `a burst of events is few messages, and all of them in order`() async throws {
        try await withService { service in
            let client = service.client
            try await client.observe.watching { stream in
                _ = try await stream.snapshot()
                for _ in 0..<500 {
                    try await client.create("a")
                    try await client.delete("a")
                }
                let changes = try await stream.changes(1000)
                #expect(changes.map(\.sequence) == Array(1...1000))
                #expect(stream.messageCount < 64)
            }
        }
    }

    @Test func `a sequence that has not been yet is refused`() async throws {
        try await withService { service in
            let status = try await refusal {
                try await service.client.observe.watching(ServerFixture.instance, since: 1) { stream in
                    _ = try await stream.next()
                }
            }
            #expect(status.word == "INVALID_ARGUMENT SEQUENCE_UNKNOWN")
            #expect(status.fields == ["since_sequence"])
        }
    }

    @Test func `a watch ends with the daemon, after the last change`() async throws {
        try await withService { service in
            let client = service.client
            try await client.create("a")
            try await client.start("a")
            try await client.observe.watching { stream in
                _ = try await stream.snapshot()
                await service.server.shutDown(grace: .seconds(600))
                #expect(try await stream.changes(2).map(\.newState) == [.stopping, .stopped])
                #expect(try await stream.next() == nil)
            }
        }
    }

    @Test func `no event and no snapshot has a secret`() async throws {
        try await withService { service in
            let client = service.client
            try await client.observe.watching { stream in
                _ = try await stream.snapshot()
                try await client.create("a", config: ["connection": ["password": "swordfish"]])
                try await client.register("a", owner: "o", ["connection": ["password": "trout"]])
                for change in try await stream.changes(2) {
                    let bytes = String(decoding: try change.encoded(), as: UTF8.self)
                    #expect(!bytes.contains("swordfish") && !bytes.contains("trout"))
                }
            }
            try await client.observe.watching { stream in
                let bytes = String(decoding: try await stream.snapshot().encoded(), as: UTF8.self)
                #expect(!bytes.contains("swordfish") && !bytes.contains("trout"))
            }
        }
    }
}
