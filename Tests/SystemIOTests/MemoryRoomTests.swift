// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import Testing

@Suite struct MemoryRoomTests {
    private static let mebibyte: UInt64 = 1 << 20

    private static func room(addressSpace: UInt64?, data: UInt64?, processors: Int = 2) -> MemoryRoom {
        func limited(_ room: UInt64?) -> MemoryRoom.Limited? {
            room.map { MemoryRoom.Limited(room: $0 * mebibyte, used: 40 * mebibyte) }
        }
        return MemoryRoom(
            addressSpace: limited(addressSpace), data: limited(data), threadStack: 8 * mebibyte, processors: processors)
    }

    @Test func `without limits nothing is missing`() {
        #expect(Self.room(addressSpace: nil, data: nil).shortage(threads: 64) == nil)
        #expect(Self.room(addressSpace: nil, data: nil).shortageOfHeap == nil)
    }

    @Test(arguments: [
        (159, nil, 4, "address space"), (160, nil, 4, nil), (160, nil, 5, "address space"),
        (nil, 159, 4, "data"), (nil, 160, 4, nil), (7, 200, 1, "address space"), (200, 7, 1, "data"),
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
            Self.room(addressSpace: 10, data: nil).shortage(threads: 4)
                == words + " at least 204800 KiB, or to unlimited")
    }

    @Test func `sizes beyond all bounds do not overflow`() {
        let room = MemoryRoom(
            addressSpace: MemoryRoom.Limited(room: 0, used: .max), data: nil, threadStack: .max, processors: .max / 2)
        #expect(room.shortage(threads: 64) != nil)
    }

    @Test func `this process knows what it may use`() throws {
        let room = try #require(ProcessInformation.memory())
        #expect(room.threadStack > 0 && room.processors > 0)
        #expect(room.addressSpace.map { $0.used > 0 } ?? true)
    }
}
