// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// What an instance has written, cut for those that wait for a text in it: the newest texts that fit.
///
/// A lone carriage return ends a line here, as those of progress bars do. A line of any length is seen to its end, in pieces that
/// overlap by half, so that a text of up to ``overlap`` bytes is whole in one of them.
struct LogSearch: Sendable {
    static let pieceLimit = 4096
    static let overlap = pieceLimit / 2

    private struct Piece {
        var bytes: [UInt8] = []
        /// How many of the bytes were not in the piece before.
        var fresh = 0

        var text: String { PlainText.cleaned(String(decoding: bytes, as: UTF8.self)) }
    }

    private let instance: String
    private var open: [LogLine.Stream: Piece] = [:]
    private var texts: LogTail
    /// How many have not found yet what they wait for.
    private var waiters: Int

    init(instance: String, waiters: Int, limit: Int) {
        self.instance = instance
        self.waiters = waiters
        texts = LogTail(limit: limit)
    }

    mutating func take(_ bytes: [UInt8], from stream: LogLine.Stream, at time: Timestamp) {
        var piece = open.removeValue(forKey: stream) ?? Piece()
        for byte in bytes {
            let isEnd = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            if !isEnd {
                piece.bytes.append(byte)
                piece.fresh += 1
                guard piece.bytes.count == Self.pieceLimit else { continue }
            }
            if piece.fresh > 0 {
                texts.append(LogLine(instance: instance, stream: stream, time: time, text: piece.text))
            }
            piece.bytes.removeFirst(isEnd ? piece.bytes.count : Self.pieceLimit - Self.overlap)
            piece.fresh = 0
        }
        open[stream] = piece
    }

    /// The texts after a position, and the lines without an end as they are so far, which may come again.
    func texts(after position: UInt64, atMost count: Int) -> (texts: [String], position: UInt64) {
        let page = texts.lines(after: position, atMost: count)
        let beginnings = open.values.filter { $0.fresh > 0 }.map(\.text)
        return (page.lines.map(\.text) + beginnings, page.position)
    }

    /// One has found what it waits for. False when it was the last.
    mutating func found() -> Bool {
        waiters -= 1
        return waiters > 0
    }
}
