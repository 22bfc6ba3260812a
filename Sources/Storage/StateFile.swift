// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
internal import ConfigDocument
package import SystemIO

/// The database of the state, in a directory that one daemon at a time uses. Its calls block.
package final class StateFile: Sendable {
    /// The name of SQLite's library.
    package static let library = "libsqlite3.so.0"

    package let path: String
    /// What the file had when it was opened.
    package let saved: SavedState
    /// The damaged file that was put aside.
    package let setAside: SetAside?
    private let directory: Directory
    private let identity: FileIdentity
    private let library: String
    private let writing: Guarded<Writing>

    private struct Writing {
        /// Nil while it has to be opened again.
        var database: SQLiteDatabase?
        /// The log that it writes to.
        var log: FileIdentity?
        /// The documents of the last run, to leave out what has not changed; empty after the first write.
        var documents: [String: String]
        /// The number of the last transaction.
        var commit: UInt64
        /// The number of the last transaction that is known to be in the database itself.
        var moved: UInt64
        var notes: StateNotes
    }

    /// A damaged file that was put aside.
    package struct SetAside: Equatable, Sendable {
        package let path: String
        package let reason: String
    }

    /// Opens the state in a directory, which is made if it is missing.
    ///
    /// Waits for `patience` for another daemon to let go of it: one that was killed has it until the kernel has ended the process.
    /// `onDamage` is told of a damaged state before its files get another name.
    package init(
        directory place: String, schema: StateSchema = .current, now: WallClock.Instant = WallClock.now,
        patience: Duration = .milliseconds(500), library: String = StateFile.library,
        onDamage: (SetAside) -> Void = { _ in }
    ) throws(StateFileError) {
        directory = try Self.take(place, patience)
        path = "\(place)/\(Self.name)"
        self.library = library
        let found = try Self.notes(in: directory)
        var notes = found ?? StateNotes()
        let opening = Opening(path: path, schema: schema, library: library)
        var (content, setAside): (Content, SetAside?) = (try opening.open(in: directory, notes.note), nil)
        if case .damaged(let reason) = content {
            setAside = try Self.setAside(path, in: directory, reason, now, onDamage)
            try Self.restart(&notes, of: path, in: directory)
            content = try opening.open(in: directory, notes.note)
        }
        switch content {
        case .damaged(let reason):
            throw .unusable("cannot make \(path): \(reason)")
        case .sound(let database, let identity, var saved, let documents, let note):
            let isLost = found == nil && (note.commit > 0 || setAside != nil)
            Self.reserve(&saved, &notes, note, in: directory, isLost: isLost, now)
            (self.identity, self.saved) = (identity, saved)
            writing = Guarded(
                Writing(
                    database: database, log: Self.log(of: path), documents: documents, commit: note.commit,
                    moved: note.commit, notes: notes))
        }
        self.setAside = setAside
    }

    private static func log(of path: String) -> FileIdentity? { try? FileIdentity.of(path: "\(path)-wal") }
}

// MARK: Writing

extension StateFile {
    /// After how many transactions the log is copied into the database, even if more follow at once.
    private static let longestLog: UInt64 = 256

    /// Copies what was written from the log into the database, and empties the log. Call when nothing else is to be written: a log that
    /// is empty cannot be lost.
    package func settle() { writing.withLock { settle(&$0) } }

    /// Writes changes to the disk, all or none.
    package func write(_ changes: [StateChange]) throws(StateFault) {
        try writing.withLock { (writing) throws(StateFault) in
            try requireDatabase()
            let marks = Self.marks(of: changes)
            raise(marks, &writing)
            try commit(changes, &writing)
            // If it was removed meanwhile, a later start would not find the transaction.
            try requireDatabase()
            if Self.log(of: path) != writing.log { try reopen(&writing) }
            var note = writing.notes.note
            note.commit = writing.commit
            note.marks.merge(marks) { $1 }
            try? Self.put(note, &writing.notes, in: directory)
            if writing.commit - writing.moved >= Self.longestLog { settle(&writing) }
        }
    }

    private func commit(_ changes: [StateChange], _ writing: inout Writing) throws(StateFault) {
        let database = try database(&writing)
        let (documents, commit) = (writing.documents, writing.commit + 1)
        do throws(SQLiteError) {
            try database.transaction { () throws(SQLiteError) in
                for change in changes { try Self.write(change, to: database, after: documents) }
                try database.run("UPDATE commits SET number = ?", .integer(Int64(clamping: commit)))
            }
        } catch {
            throw StateFault(error.sentence("write", path))
        }
        (writing.documents, writing.commit) = ([:], commit)
    }

    /// Checks that the database is still the file that was opened.
    private func requireDatabase() throws(StateFault) {
        guard (try? FileIdentity.of(path: path)) == identity else {
            throw StateFault(
                "\(path) was removed or replaced while the daemon runs; save the configuration with"
                    + " 'backendctl config export --secrets', which leaves out holds, what is disabled and what waits for the next start, then"
                    + " restart the daemon with it")
        }
    }

    private static func marks(of changes: [StateChange]) -> [StateMark: UInt64] {
        changes.reduce(into: [:]) { marks, change in
            if case .mark(let mark, let number) = change { marks[mark] = number }
        }
    }

    /// Reserves numbers in the note, which needs no room on the disk.
    private func raise(_ marks: [StateMark: UInt64], _ writing: inout Writing) {
        var note = writing.notes.note
        note.marks.merge(marks) { max($0, $1) }
        guard note != writing.notes.note else { return }
        try? Self.put(note, &writing.notes, in: directory, durably: true)
    }

    private func settle(_ writing: inout Writing) {
        guard writing.moved < writing.commit, (try? requireDatabase()) != nil else { return }
        // If that fails, the next change is refused.
        guard Self.log(of: path) == writing.log else {
            try? reopen(&writing)
            return
        }
        guard let database = writing.database else { return }
        var note = writing.notes.note
        note.isMoving = true
        // Without it the next start reads the log.
        guard (try? Self.put(note, &writing.notes, in: directory)) != nil, Self.move(.full, database) != nil else {
            return
        }
        note.isMoving = false
        guard (try? Self.put(note, &writing.notes, in: directory, durably: true)) != nil else { return }
        if Self.move(.truncate, database) != nil { writing.moved = writing.commit }
    }

    enum Move: String { case full, truncate }

    /// Copies all of the log into the database, and then empties it if the kind says so.
    ///
    /// - Returns: How many pages the log had; nil if not all of them were copied.
    static func move(_ kind: Move, _ database: SQLiteDatabase) -> Int64? {
        let result = try? database.run("PRAGMA wal_checkpoint(\(kind.rawValue))").first
        guard let result, result.count == 3, result[0] == .integer(0), result[1] == result[2],
            case .integer(let pages) = result[1]
        else { return nil }
        return pages
    }

    /// The open database; opened again if that has failed before.
    private func database(_ writing: inout Writing) throws(StateFault) -> SQLiteDatabase {
        if let database = writing.database { return database }
        let fault: String
        do throws(SystemError) {
            // All that it had is in the database.
            try directory.remove("\(Self.name)-wal")
            do throws(SQLiteError) {
                let database = try SQLiteDatabase(path: path, library: library)
                try Opening.prepare(database)
                guard try Opening.commit(of: database) == writing.commit else {
                    throw SQLiteError(.damaged, "changes are missing in it")
                }
                (writing.database, writing.log) = (database, Self.log(of: path))
                return database
            } catch {
                fault = Opening.fileProblem(in: directory) ?? error.sentence("open", path)
            }
        } catch {
            fault = error.advice
        }
        throw StateFault("the log of \(path) was removed or replaced while the daemon runs: \(fault)")
    }

    /// The name of the log leads elsewhere. What is in the log is copied into the database, which then gets a new one.
    private func reopen(_ writing: inout Writing) throws(StateFault) {
        var note = writing.notes.note
        note.isMoving = true
        try? Self.put(note, &writing.notes, in: directory, durably: true)
        guard writing.database.flatMap({ Self.move(.truncate, $0) }) != nil else {
            throw StateFault(
                "the log of \(path) was removed or replaced while the daemon runs, and cannot be copied into the database"
            )
        }
        note.isMoving = false
        try? Self.put(note, &writing.notes, in: directory, durably: true)
        // Two at once would keep each other out.
        writing.database = nil
        writing.moved = writing.commit
        _ = try self.database(&writing)
    }

    private static func write(
        _ change: StateChange, to database: SQLiteDatabase, after documents: [String: String]
    ) throws(SQLiteError) {
        switch change {
        case .backend(let record):
            let document = record.text
            guard documents[record.name] != document else { return }
            try database.run(
                """
                INSERT INTO backends (name, document, digest) VALUES (?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET document = excluded.document, digest = excluded.digest
                """, .text(record.name), .text(document), .digest(of: [record.name, document]))
        case .backendRemoved(let name):
            try database.run("DELETE FROM backends WHERE name = ?", .text(name))
        case .route(let saved, let backend):
            let route = saved.route
            let row = [
                backend, route.model, route.server.description, route.address.description,
                String(saved.configuration, radix: 16),
            ]
            try database.run(
                """
                INSERT OR REPLACE INTO routes (backend, model, server, address, configuration, digest)
                VALUES (?, ?, ?, ?, ?, ?)
                """, row.map { .text($0) } + [.digest(of: row)])
        case .routesForgotten(let backend):
            try database.run("DELETE FROM routes WHERE backend = ?", .text(backend))
        case .mark(let mark, let number):
            try database.run(
                "INSERT INTO marks (name, number) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = excluded.number",
                .text(mark.rawValue), .integer(Int64(clamping: number)))
        }
    }
}

extension SQLiteError {
    /// `cannot write /var/lib/backendd/state.db: the disk is full; make room on it`
    func sentence(_ call: String, _ path: String) -> String {
        let what = "cannot \(call) \(path)"
        switch kind {
        case .full: return "\(what): the disk is full; make room on it"
        case .damaged: return "\(what): it is damaged (\(message)); restart the daemon"
        case .busy: return "\(what): another program uses it; end that program"
        case .noLibrary, .unfit, .failed:
            guard systemError != 0 else { return "\(what): \(message)" }
            return SystemError(code: systemError, call: call, subject: path).advice
        }
    }
}

extension SQLiteDatabase.Value {
    /// A digest of a row. SQLite notices a changed byte only where it breaks the structure of the database.
    static func digest(of row: [String]) -> Self { .integer(Int64(bitPattern: row.joined(separator: "\n").digest)) }
}

/// Why the state cannot be opened.
package enum StateFileError: Error, Equatable, CustomStringConvertible {
    /// Another daemon uses the directory.
    case inUse(String)
    /// The directory or the file cannot be used: why, as a sentence.
    case unusable(String)
    /// A later version of the daemon made the file.
    case newer(path: String, version: Int, known: Int)

    package var description: String {
        switch self {
        case .inUse(let path):
            "cannot use \(path): another daemon keeps its state there; stop it, or set state_directory to another directory"
        case .unusable(let problem):
            "the state cannot be kept: \(problem); set state_directory to a directory that can be used, or to none to keep no state"
        case .newer(let path, let version, let known):
            "cannot use \(path): a later version of backendd made it (version \(version) of its schema, this one knows \(known));"
                + " install that version again, or set state_directory to another directory"
        }
    }
}
