// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport
import Testing

@Suite("Name resolver", .tags(.blocking), .timeLimit(.minutes(1)))
struct NameResolverTests {
    /// Holds lookups up, each on its own thread, until it is opened.
    private final class Door: Sendable {
        let began = Recorder<String>()
        private let inside: FileDescriptor
        private let outside: FileDescriptor

        init() throws {
            let (first, second) = try UnixSocket.socketPair(nonBlocking: false).take()
            inside = FileDescriptor(adopting: first)
            outside = FileDescriptor(adopting: second)
        }

        func pass(_ name: String) -> Result<[IPAddress], NameResolutionError> {
            began.append(name)
            _ = try? inside.wait(for: .read, timeout: nil)
            return .success([IPAddress(version4: 0x0A00_0001)])
        }

        func open() throws { try outside.writeAll([1]) }
    }

    private static func outcome(
        of name: String, by resolver: NameResolver, within time: Duration = .seconds(60)
    ) async -> Result<[IPAddress], NameResolutionError> {
        do throws(NameResolutionError) {
            return .success(try await resolver.addresses(of: name, within: time))
        } catch {
            return .failure(error)
        }
    }

    private static func kind(_ result: Result<[IPAddress], NameResolutionError>) -> NameResolutionError.Kind? {
        switch result {
        case .success: nil
        case .failure(let error): error.kind
        }
    }

    @Test func `the system knows localhost`() async throws {
        try await withEventLoop { loop in
            let addresses = try await NameResolver(loop: loop).addresses(of: "localhost", within: .seconds(30))
            #expect(!addresses.isEmpty)
            #expect(addresses.allSatisfy { $0.isSpecial })
        }
    }

    @Test func `a lookup that takes too long times out`() async throws {
        let door = try Door()
        try await withEventLoop { loop in
            let resolver = NameResolver(loop: loop) { door.pass($0) }
            #expect(await Self.kind(Self.outcome(of: "a", by: resolver, within: .milliseconds(10))) == .timeout)
            try door.open()
        }
    }

    @Test func `a waiter can give up at once`() async throws {
        let door = try Door()
        try await withEventLoop { loop in
            let resolver = NameResolver(loop: loop) { door.pass($0) }
            let task = Task { await Self.outcome(of: "a", by: resolver) }
            await door.began.wait(until: "a")
            task.cancel()
            #expect(await Self.kind(task.value) == .cancelled)
            try door.open()
        }
    }

    @Test func `waiters for one name share its lookup, and the number of lookups is limited`()
        async throws
    {
        let door = try Door()
        try await withEventLoop { loop in
            let resolver = NameResolver(loop: loop, limit: 2) { door.pass($0) }
            let first = Task { await Self.outcome(of: "a", by: resolver) }
            await door.began.wait(until: "a")
            let second = Task { await Self.outcome(of: "b", by: resolver) }
            await door.began.wait(until: "b")
            #expect(await Self.kind(Self.outcome(of: "c", by: resolver)) == .tooMany)
            let third = Task.immediate { await Self.outcome(of: "a", by: resolver) }
            try door.open()
            for task in [first, second, third] { #expect(await Self.kind(task.value) == nil) }
            #expect(door.began.elements == ["a", "b"])
            #expect(await Self.kind(Self.outcome(of: "c", by: resolver)) == nil)
        }
    }
}
