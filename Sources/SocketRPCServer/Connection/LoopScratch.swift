// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// What the connections of one loop use in turn: the buffer that is read into, the arenas, buffers for output.
final class LoopScratch {
    /// How much is read at once.
    static let readSize = 128 << 10
    private static let spareLimit = 128
    /// A buffer that has grown beyond this is given back to the system.
    private static let spareCapacity = 512 << 10
    private static let spareBytesLimit = 2 << 20

    /// For requests, while their inline handler looks at them, and for its answer.
    let requestArena = Arena(escapesNUL: true)
    /// For messages on their way out, which can happen while a request is looked at.
    let replyArena = Arena(escapesNUL: true)
    /// Empty, but for the time of a read.
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
