// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// What clients are told of output that is not kept in its files.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct LogKeepingTests {
    private static func wait(in stream: WatchStream, for cause: String) async throws -> BackendsAPI.InstanceEvent? {
        while let event = try await stream.next()?.event {
            if case .instance(let event) = event, event.cause == cause { return event }
        }
        return nil
    }

    @Test func `output that cannot be kept is told in the snapshot and by events, when it begins and when it ends`()
        async throws
    {
        try await withService(types: { .standard(on: $0) }) { service in
            let (client, file) = (service.client, service.directory.file("more"))
            let logs = try Directory.trusted(service.directory.file("logs"), creating: true)
            let script = "echo one; until [ -e \(file) ]; do sleep 0.02; done; echo two; echo three; exec sleep 1000"
            let config: GoogleStruct = ["command": ["sh", "-c", GoogleValue(kind: .stringValue(script))]]
            try await client.create("a", "PROCESS", config: config)
            func lost() async throws -> UInt64 {
                try await client.observe.getServerInfo(GetServerInfoRequest()).lostOutputBytes
            }
            #expect(try await lost() == 0)
            try await client.observe.watching { stream in
                _ = try await stream.snapshot()
                try await client.start("a")
                // The place of the file is taken.
                try logs.rename("a.stdout.log", to: "kept")
                try logs.makeDirectory("a.stdout.log", mode: 0o700)
                try service.directory.write("", to: "more")
                let begin = try #require(try await Self.wait(in: stream, for: "LOG_LOST"))
                #expect(begin.logFailure?.reason == "LOG_NOT_KEPT")
                #expect(begin.logFailure?.message.contains(service.directory.file("logs")) == true, "\(begin)")
                while try await client.get("a").instances.first?.lostOutputBytes ?? 0 < 4 { await Task.yield() }
                #expect(try await lost() >= 4)
                #expect(try await client.get("a").instances.first?.logFailure?.reason == "LOG_NOT_KEPT")
                try logs.remove("a.stdout.log", isDirectory: true)
                let end = try #require(try await Self.wait(in: stream, for: "LOG_KEPT"))
                #expect(end.logFailure == nil && end.newState == end.oldState)
                #expect(try await client.get("a").instances.first?.logFailure == nil)
                #expect(try await lost() == client.get("a").instances.first?.lostOutputBytes)
            }
        }
    }
}
