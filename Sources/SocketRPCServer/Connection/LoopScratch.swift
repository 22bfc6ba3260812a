// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// What the connections of one loop share: the buffer for input, the arenas, and buffers for output.
final class LoopScratch {
    /// The number of bytes that are read at once.
    static let readSize = 128 << 10
    private static let spareLimit = 128
    /// A buffer that has grown beyond this is released.
    private static let spareCapacity = 512 << 10
    private static let spareBytesLimit = 2 << 20

    /// For requests, while their inline handler runs, and for its answer.
    let requestArena = Arena(escapesNUL: true)
    /// For outgoing messages, which may be encoded while a request is in use.
    let replyArena = Arena(escapesNUL: true)
    /// Empty, except during a read.
    var input = ByteBuffer(capacity: LoopScratch.readSize)
    private var spares: [OutputBox] = []
    private var spareBytes = 0

    init() {
        spares.reserveCapacity(Self.spareLimit)
    }

    func takeOutput() -> OutputBox {
        guard let box = spares.popLast() else { return OutputBox() }
        spareBytes -= box.buffer.capacity
        return box
    }

    func giveBack(_ box: OutputBox) {
        let capacity = box.buffer.capacity
        guard spares.count < Self.spareLimit, capacity <= Self.spareCapacity,
            spareBytes + capacity <= Self.spareBytesLimit
        else { return }
        box.buffer.removeAll()
        spareBytes += capacity
        spares.append(box)
    }
}

/// A buffer for output that the connections of one loop share, so that an idle connection has none.
final class OutputBox {
    var buffer = ByteBuffer(capacity: 4096)
}
