// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport
import Testing

@Suite("Name resolver", .timeLimit(.minutes(1)))
struct NameResolverTests {
    /// Holds lookups up, each on its own thread, until it is opened.
    private final class Doorman: Sendable {
        let began = Recorder<String>()
        private let lock = Guarded(0)
        private let (reader, writer): (FileDescriptor, FileDescriptor)

        init() throws {
            let pair = try SocketPair(nonBlocking: false)
            (reader, writer) = pair.take()
        }
    }

    private static func outcome(
        _ work: () async throws(NameResolutionError) -> [IPAddress]
    ) async -> Result<[IPAddress], NameResolutionError> {
        do throws(NameResolutionError) {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }

    @Test func `the system knows localhost, and not what cannot be`() async throws {
        try await withEventLoop { loop in
            let resolver = NameResolver(loop: loop)
            let addresses = try await resolver.addresses(of: "localhost", within: .seconds(30))
            #expect(addresses.allSatisfy { $0.isSpecial })
            #expect(!addresses.isEmpty)
        }
    }
}
