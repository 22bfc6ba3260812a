// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import Testing

@Suite("PortAllocator")
struct PortAllocatorTests {
    /// A range in which no port was in use a moment ago.
    static func range(of count: UInt16) throws -> ClosedRange<UInt16> {
        // Another run of the tests looks for one too.
        for number in (UInt16(0)..<180).shuffled() {
            let start = 42_000 + 100 * number
            let range = start...(start + count - 1)
            if range.allSatisfy({ PortAllocator.isFree($0) }) { return range }
        }
        struct NoneFree: Error {}
        throw NoneFree()
    }

    @Test func `no two instances get one port, and a range can be used up`() throws {
        let allocator = PortAllocator()
        let range = try Self.range(of: 3)
        let leases = try (0..<3).map { _ in try allocator.take(from: range) }
        #expect(Set(leases.map(\.port)).count == 3)
        let error = #expect(throws: BackendError.self) { try allocator.take(from: range) }
        #expect(error?.reason == .portsExhausted)
        withExtendedLifetime(leases) {}
    }

    @Test func `tasks that take ports at the same time get different ones`() async throws {
        let allocator = PortAllocator()
        let ports = try await withThrowingTaskGroup(of: PortLease.self) { group in
            for _ in 0..<50 { group.addTask { try allocator.take(from: 20_000...40_000) } }
            return try await group.reduce(into: [PortLease]()) { $0.append($1) }
        }.map(\.port)
        #expect(Set(ports).count == 50)
    }

    @Test func `a port is held until it is let go, and taken until the lease is dropped`() throws {
        let allocator = PortAllocator()
        let range = try Self.range(of: 1)
        var lease: PortLease? = try allocator.take(from: range)
        #expect(lease?.port == range.lowerBound)
        #expect(!PortAllocator.isFree(range.lowerBound))
        lease?.letGo()
        #expect(PortAllocator.isFree(range.lowerBound))
        #expect(lease?.hold() == true)
        #expect(!PortAllocator.isFree(range.lowerBound))
        lease?.letGo()
        do {
            let other = try PortReservation(port: range.lowerBound)
            #expect(lease?.hold() == false)
            // Held until here.
            #expect(other.port == range.lowerBound)
        }
        #expect(throws: BackendError.self) { try allocator.take(from: range) }
        lease = nil
        #expect(try allocator.take(from: range).port == range.lowerBound)
    }

    @Test func `the first search begins anywhere in the range`() throws {
        let range = try Self.range(of: 3)
        #expect(try PortAllocator(start: 4).take(from: range).port == range.lowerBound + 1)
        #expect(try PortAllocator(start: 3).take(from: range).port == range.lowerBound)
    }

    @Test func `a port is not used again at once`() throws {
        let allocator = PortAllocator()
        let range = try Self.range(of: 2)
        let first = try allocator.take(from: range).port
        let second = try allocator.take(from: range).port
        #expect(first != second)
        #expect(try allocator.take(from: range).port == first)
    }
}
