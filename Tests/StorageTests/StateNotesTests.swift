// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Storage
import Testing

@Suite struct StateNotesTests {
    private var bytes: [UInt8] = []
    private var notes = StateNotes()

    private static func note(_ commit: UInt64) -> StateNote {
        var note = StateNote()
        (note.commit, note.isMoving) = (commit, commit % 2 == 1)
        note.marks = [.eventSequence: commit + 1, .lockToken: .max]
        return note
    }

    /// Writes the first bytes of the next note.
    private mutating func write(_ commit: UInt64, first count: Int = StateNotes.size) {
        let (next, place) = notes.next(Self.note(commit))
        bytes += [UInt8](repeating: 0, count: max(0, place + count - bytes.count))
        bytes.replaceSubrange(place..<place + count, with: next.prefix(count))
        if count == StateNotes.size { notes.wrote(Self.note(commit)) }
    }

    @Test mutating func `the newest note is read`() {
        #expect(StateNotes([]) == nil)
        for commit in 1...5 as ClosedRange<UInt64> {
            write(commit)
            #expect(StateNotes(bytes)?.note == Self.note(commit))
            #expect(StateNotes(bytes) == notes)
        }
    }

    @Test mutating func `a note that is cut short leaves the one before it`() {
        write(1)
        write(2)
        let (kept, before) = (bytes, notes)
        for count in 0..<StateNotes.size - 1 {
            (bytes, notes) = (kept, before)
            write(3, first: count)
            let note = StateNotes(bytes)?.note
            #expect(note == Self.note(2) || note == Self.note(3), "\(count)")
        }
        write(3)
        #expect(StateNotes(bytes)?.note == Self.note(3))
    }

    @Test mutating func `a changed byte makes a note unreadable`() {
        write(1)
        let whole = bytes
        for index in bytes.indices.suffix(StateNotes.size) where whole[index] != UInt8(ascii: " ") {
            bytes = whole
            bytes[index] ^= 1
            #expect(StateNotes(bytes)?.note != Self.note(1), "\(index)")
        }
    }
}
