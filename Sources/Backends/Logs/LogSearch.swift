// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// The newest output of an instance, split into pieces for probes that wait for a text in it.
///
/// A lone carriage return ends a line here, as progress bars write it. A line of any length is searched to its end, in pieces that
/// overlap by half, so that one of them contains a text of up to ``overlap`` bytes as a whole.
struct LogSearch: Sendable {
    static let pieceLimit = 4096
    static let overlap = pieceLimit / 2

    private struct Piece {
        var bytes: [UInt8] = []
        /// How many of the bytes the previous piece does not have.
        var fresh = 0

        var text: String { PlainText.cleaned(String(decoding: bytes, as: UTF8.self)) }
    }

    private let instance: String
    private var open: [LogLine.Stream: Piece] = [:]
    private var texts: LogTail
    /// How many probes still wait for their text.
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

    /// The texts after a position, followed by the unfinished ones so far, which are returned again later.
    func texts(after position: UInt64, atMost count: Int) -> (texts: [String], position: UInt64) {
        let page = texts.lines(after: position, atMost: count)
        let beginnings = open.values.filter { $0.fresh > 0 }.map(\.text)
        return (page.lines.map(\.text) + beginnings, page.position)
    }

    /// Call when a probe has found its text. False when it was the last.
    mutating func found() -> Bool {
        waiters -= 1
        return waiters > 0
    }
}
