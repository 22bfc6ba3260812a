// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import Testing

@Suite struct MemoryRoomTests {
    private static let mebibyte: UInt64 = 1 << 20

    private static func room(addressSpace: UInt64?, data: UInt64?) -> MemoryRoom {
        func limited(_ room: UInt64?) -> MemoryRoom.Limited? {
            room.map { MemoryRoom.Limited(room: $0 * mebibyte, used: 40 * mebibyte) }
        }
        return MemoryRoom(
            addressSpace: limited(addressSpace), data: limited(data), threadStack: 8 * mebibyte)
    }

    @Test func `without limits nothing is missing`() {
        #expect(Self.room(addressSpace: nil, data: nil).shortage(threads: 64) == nil)
        #expect(Self.room(addressSpace: nil, data: nil).shortageOfHeap == nil)
    }

    @Test(
        arguments: [
            (159, nil, 12, "address space"), (160, nil, 12, nil), (160, nil, 13, "address space"),
            (nil, 159, 12, "data"), (nil, 160, 12, nil), (7, 200, 1, "address space"), (200, 7, 1, "data"),
        ] as [(UInt64?, UInt64?, Int, String?)])
    func `stacks of all threads and a heap must have room`(
        addressSpace: UInt64?, data: UInt64?, threads: Int, missing: String?
    ) {
        let shortage = Self.room(addressSpace: addressSpace, data: data).shortage(threads: threads)
        #expect((shortage == nil) == (missing == nil))
        if let missing { #expect(shortage?.contains("the limit of the \(missing) (ulimit -") == true) }
    }

    @Test func `the words name what is left, what is needed and what to do`() {
        let words = "the limit of the address space (ulimit -v) leaves 10240 KiB, and 163840 KiB are needed; set it to"
        #expect(
            Self.room(addressSpace: 10, data: nil).shortage(threads: 12)
                == words + " at least 204800 KiB, or to unlimited")
    }

    @Test func `what waits for clients gets a part of what the stacks leave`() {
        #expect(Self.room(addressSpace: nil, data: nil).share(threads: 4) == nil)
        #expect(Self.room(addressSpace: 160, data: nil).share(threads: 12) == 16 * Self.mebibyte)
        #expect(Self.room(addressSpace: 200, data: 132).share(threads: 4) == 25 * Self.mebibyte)
        #expect(Self.room(addressSpace: 8, data: nil).share(threads: 4) == 0)
    }

    @Test func `sizes beyond all bounds do not overflow`() {
        let room = MemoryRoom(
            addressSpace: MemoryRoom.Limited(room: 0, used: .max), data: nil, threadStack: .max)
        #expect(room.shortage(threads: 64) != nil)
    }

    @Test func `this process knows what it may use`() throws {
        let room = try #require(ProcessInformation.memory())
        #expect(room.threadStack > 0)
        #expect(room.addressSpace.map { $0.used > 0 } ?? true)
    }
}
