// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Logging
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(1)))
struct InstanceSocketsTests {
    /// Holds a directory, lets `change` do something to it before the loop sees it, and returns how often its loss was reported.
    private static func losses(
        _ change: @escaping @Sendable (borrowing Directory) throws -> Void
    ) async throws -> Int {
        let parent = try TemporaryDirectory()
        let (path, top) = (parent.file("sockets"), parent.path)
        return try await withEventLoop { loop in
            try await loop.run {
                let log = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
                let sockets = InstanceSockets(path, watcher: try FileWatcher(loop: loop), log: log)
                let holder = Holder()
                try sockets.hold(ObjectIdentifier(holder)) { holder.losses += 1 }
                try change(try Directory(path: top))
                sockets.check()
                sockets.check()
                return holder.losses
            }
        }
    }

    private final class Holder {
        var losses = 0
    }

    @Test func `a directory that stays is not reported`() async throws {
        #expect(try await Self.losses { _ in } == 0)
    }

    @Test func `a directory that is removed is reported once`() async throws {
        #expect(try await Self.losses { try $0.remove("sockets", isDirectory: true) } == 1)
    }

    /// Many file systems give the number of the file that was removed last to the next one.
    @Test func `a directory is reported if a file takes its place before the loop sees it`() async throws {
        let losses = try await Self.losses { parent in
            try parent.remove("sockets", isDirectory: true)
            _ = try parent.createFile("sockets", mode: 0o600)
        }
        #expect(losses == 1)
    }

    @Test func `a directory is reported if another takes its place before the loop sees it`() async throws {
        let losses = try await Self.losses { parent in
            try parent.remove("sockets", isDirectory: true)
            try parent.makeDirectory("sockets", mode: 0o700)
        }
        #expect(losses == 1)
    }
}
