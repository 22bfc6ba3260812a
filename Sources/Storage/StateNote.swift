// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends

/// What the database must have at least, and which numbers must not be given again.
///
/// SQLite takes a log that is missing or damaged for one that ends earlier, and a database that is empty for a new one. So the number of
/// the last change that callers know of is noted outside of both.
package struct StateNote: Equatable, Sendable {
    /// The number of the last transaction that was on the disk when its callers were told.
    package var commit: UInt64 = 0
    /// Set while the log is copied into the database: until that is done, the database is complete only with its log.
    package var isMoving = false
    /// The last numbers that are reserved.
    package var marks: [StateMark: UInt64] = [:]

    package init() {}
}

/// Two notes, of which the older one is overwritten in turn: the other one stays if that fails in the middle.
///
/// They are written in place, so that a full disk does not prevent it.
package struct StateNotes: Equatable, Sendable {
    /// The newest.
    package private(set) var note = StateNote()
    private var turn: UInt64 = 0

    /// Bytes of each note.
    package static let size = 256

    /// Before the first note.
    package init() {}

    /// Reads the notes; nil if neither of them is whole.
    package init?(_ bytes: [UInt8]) {
        let places = stride(from: 0, to: bytes.count, by: Self.size)
        let found = places.compactMap { Self.read(bytes[$0..<min($0 + Self.size, bytes.count)]) }
        guard let newest = found.max(by: { $0.turn < $1.turn }) else { return nil }
        (turn, note) = newest
    }

    /// The bytes of the next note, and where they go. ``wrote(_:)`` follows once they are there.
    package func next(_ note: StateNote) -> (bytes: [UInt8], place: Int) {
        let numbers = [turn + 1, note.commit, note.isMoving ? 1 : 0] + Self.marks.map { note.marks[$0] ?? 0 }
        let text = numbers.map { String($0) }.joined(separator: " ")
        let line = "\(text) \(String(text.digest, radix: 16))"
        let padding = String(repeating: " ", count: max(0, Self.size - 1 - line.utf8.count))
        return (Array((line + padding + "\n").utf8), Int((turn + 1) % 2) * Self.size)
    }

    package mutating func wrote(_ note: StateNote) {
        turn += 1
        self.note = note
    }

    /// In the order in which they are written.
    private static let marks: [StateMark] = [.eventSequence, .lockToken]

    private static func read(_ bytes: ArraySlice<UInt8>) -> (turn: UInt64, note: StateNote)? {
        let words = String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }
        let numbers = words.dropLast().compactMap { UInt64($0) }
        guard numbers.count == 3 + marks.count, words.count == numbers.count + 1,
            words.last.flatMap({ UInt64($0, radix: 16) }) == words.dropLast().joined(separator: " ").digest
        else { return nil }
        var note = StateNote()
        (note.commit, note.isMoving) = (numbers[1], numbers[2] != 0)
        for (mark, number) in zip(marks, numbers.dropFirst(3)) where number > 0 { note.marks[mark] = number }
        return (numbers[0], note)
    }
}
