// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import ConfigDocument
internal import SystemIO

// MARK: The directory and what is beside the database

extension StateFile {
    static let name = "state.db"
    private static let noteName = "state.db-note"
    /// The files of the database, by what follows its name.
    static let suffixes = ["", "-wal", "-journal"]

    /// Opens the directory and keeps other daemons away from it.
    static func take(_ path: String, _ patience: Duration) throws(StateFileError) -> Directory {
        do throws(SystemError) {
            let directory = try Directory.trusted(path, creating: true)
            let (bell, pause) = (try Doorbell(), Duration.milliseconds(10))
            for attempt in 0...Int(patience / pause) {
                if attempt > 0 { bell.wait(timeout: pause) }
                guard try directory.lock(alone: true) else { continue }
                try directory.requireWritable()
                try directory.setMode(0o700)
                return directory
            }
        } catch {
            throw .unusable(error.advice)
        }
        throw .inUse(path)
    }

    /// The notes beside the database; nil if they are missing or unreadable.
    static func notes(in directory: borrowing Directory) throws(StateFileError) -> StateNotes? {
        do throws(SystemError) {
            return try directory.read(noteName, limit: 1 << 16).flatMap { StateNotes($0) }
        } catch {
            throw .unusable(error.advice)
        }
    }

    /// Writes the next note.
    static func put(
        _ note: StateNote, _ notes: inout StateNotes, in directory: borrowing Directory, durably: Bool = false
    ) throws(SystemError) {
        let file = try directory.openForUpdating(noteName, creating: true)
        let (bytes, place) = notes.next(note)
        try file.writeAll(bytes, at: place)
        if durably { try file.synchronize() }
        notes.wrote(note)
    }

    /// Notes that an empty database is what has to be there. Numbers that were given stay so.
    static func restart(
        _ notes: inout StateNotes, of path: String, in directory: borrowing Directory
    ) throws(StateFileError) {
        var note = StateNote()
        note.marks = notes.note.marks
        do throws(SystemError) {
            try put(note, &notes, in: directory, durably: true)
            try directory.synchronize()
        } catch {
            throw .unusable("\(path) was damaged, and its note cannot be written: \(error.advice)")
        }
    }

    /// Reserves numbers for this run before it can give any.
    ///
    /// The numbers of tokens follow the clock, and those of events do if it is not known which ones were given.
    static func reserve(
        _ saved: inout SavedState, _ notes: inout StateNotes, _ note: StateNote, in directory: borrowing Directory,
        isLost: Bool, _ now: WallClock.Instant
    ) {
        let time = Timestamp(seconds: now.seconds, nanoseconds: now.nanoseconds).microseconds
        var note = note
        for mark in StateMark.allCases {
            var given = max(saved.marks[mark] ?? 0, notes.note.marks[mark] ?? 0)
            if mark == .lockToken || isLost { given = max(given, time) }
            // SQLite has no larger numbers.
            given = min(given, UInt64(Int64.max))
            saved.marks[mark] = given
            note.marks[mark] = given + mark.block
        }
        do throws(SystemError) {
            try put(note, &notes, in: directory, durably: true)
            saved.reserved = note.marks
        } catch {
            // Events do not wait for the disk.
            saved.marks[.eventSequence] = max(saved.marks[.eventSequence] ?? 0, time)
        }
    }

    /// Gives the files of a damaged database other names.
    static func setAside(
        _ path: String, in directory: borrowing Directory, _ reason: String, _ now: WallClock.Instant,
        _ onDamage: (SetAside) -> Void
    ) throws(StateFileError) -> SetAside {
        let time = String(now.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
        do throws(SystemError) {
            let first = "\(name).corrupt-\(time)"
            var (other, count) = (first, 1)
            while try isTaken(other, in: directory) {
                count += 1
                other = "\(first)-\(count)"
            }
            let aside = SetAside(path: "\(directory.path)/\(other)", reason: reason)
            onDamage(aside)
            for suffix in suffixes where try directory.status(of: name + suffix) != nil {
                try directory.rename(name + suffix, to: other + suffix)
            }
            try directory.synchronize()
            return aside
        } catch {
            throw .unusable("\(path) is damaged (\(reason)), and cannot be put aside: \(error.advice)")
        }
    }

    private static func isTaken(_ other: String, in directory: borrowing Directory) throws(SystemError) -> Bool {
        for suffix in suffixes where try directory.status(of: other + suffix) != nil { return true }
        return false
    }
}

// MARK: The database

extension StateFile {
    enum Content {
        case sound(SQLiteDatabase, FileIdentity, SavedState, documents: [String: String], StateNote)
        case damaged(String)
    }

    /// Opens the database of a state.
    struct Opening {
        let path: String
        let schema: StateSchema
        let library: String
    }
}

extension StateFile.Opening {
    func open(in directory: borrowing Directory, _ note: StateNote) throws(StateFileError) -> StateFile.Content {
        let identity: FileIdentity
        do throws(SystemError) {
            // Before SQLite opens it: it would remove the log of an empty database.
            if let problem = try Self.problem(in: directory, note) { return .damaged(problem) }
            // Closed before SQLite opens it: closing it later would release the locks of SQLite's descriptor.
            identity = try FileIdentity(of: try directory.openForUpdating(StateFile.name, creating: true))
            try directory.synchronize()
            try Self.synchronizeLog(in: directory)
        } catch {
            throw .unusable(error.advice)
        }
        let version: Int
        do throws(SQLiteError) {
            let database = try SQLiteDatabase(path: path, library: library)
            version = try self.version(of: database, note)
            if version <= schema.steps.count {
                do throws(SQLiteError) {
                    try schema.migrate(database, from: version)
                } catch  where error.kind == .unfit {
                    throw SQLiteError(.failed, error.message)
                }
                let (saved, documents) = try Self.read(database)
                var note = note
                note.commit = try Self.commit(of: database)
                note.isMoving = try Self.finishMoving(database, note)
                return .sound(database, identity, saved, documents: documents, note)
            }
        } catch {
            switch error.kind {
            case .damaged, .unfit: return .damaged(error.message)
            case .noLibrary: throw .unusable(error.message)
            case .full, .busy: throw .unusable(error.sentence("open", path))
            case .failed: throw .unusable(Self.fileProblem(in: directory) ?? error.sentence("open", path))
            }
        }
        throw .newer(path: path, version: version, known: schema.steps.count)
    }

    /// Why no file can be made, which SQLite does not tell; nil if one can.
    static func fileProblem(in directory: borrowing Directory) -> String? {
        let probe = "\(StateFile.name)-probe"
        do throws(SystemError) {
            try directory.remove(probe)
            _ = try directory.createFile(probe, mode: 0o600)
            try directory.remove(probe)
            return nil
        } catch {
            return error.advice
        }
    }

    /// What is wrong with the files, without looking into them; nil if nothing is.
    private static func problem(
        in directory: borrowing Directory, _ note: StateNote
    ) throws(SystemError) -> String? {
        for suffix in StateFile.suffixes {
            guard let status = try directory.status(of: StateFile.name + suffix), status.kind != .regular else {
                continue
            }
            // A link to the database is refused by who opens it.
            if suffix.isEmpty, status.kind == .link { continue }
            return "\(StateFile.name)\(suffix) is \(status.kind.phrase)"
        }
        let size = try directory.status(of: StateFile.name)?.size
        guard size ?? 0 == 0 else { return nil }
        let log = try directory.status(of: "\(StateFile.name)-wal")?.size ?? 0
        guard note.commit > 0 || log > 0 else { return nil }
        return size == nil ? "\(StateFile.name) is missing" : "\(StateFile.name) is empty"
    }

    /// Writes the log to the disk. A run that was killed may not have done that with its last transaction, which this run reads, and
    /// whose number it notes: after a power failure the database would be behind its note, and be put aside.
    private static func synchronizeLog(in directory: borrowing Directory) throws(SystemError) {
        let log = "\(StateFile.name)-wal"
        guard try directory.status(of: log)?.size ?? 0 > 0 else { return }
        try directory.openForUpdating(log).synchronize()
    }

    /// The version of its schema, if it has all that callers know to be saved.
    private func version(of database: SQLiteDatabase, _ note: StateNote) throws(SQLiteError) -> Int {
        try Self.prepare(database)
        let version = try schema.version(of: database)
        guard version <= schema.steps.count else { return version }
        let commit = version == 0 ? 0 : try Self.commit(of: database)
        guard commit >= note.commit else {
            throw SQLiteError(.damaged, "changes are missing: it has \(commit) of \(note.commit) that were saved")
        }
        return version
    }

    /// Goes on to copy the log into the database if the last run was killed meanwhile. What was copied is not complete without the rest.
    ///
    /// - Returns: Whether it is still to be done: a full disk may prevent it.
    private static func finishMoving(_ database: SQLiteDatabase, _ note: StateNote) throws(SQLiteError) -> Bool {
        guard note.isMoving, let moved = StateFile.move(.full, database) else { return note.isMoving }
        guard moved > 0 else {
            throw SQLiteError(.damaged, "its log is missing or damaged, and was being copied into it")
        }
        return false
    }

    static func commit(of database: SQLiteDatabase) throws(SQLiteError) -> UInt64 {
        guard case .integer(let number) = try database.run("SELECT number FROM commits").first?.first,
            let commit = UInt64(exactly: number)
        else { throw SQLiteError(.damaged, "the number of changes cannot be read") }
        return commit
    }

    static func prepare(_ database: SQLiteDatabase) throws(SQLiteError) {
        // Without a file for memory that processes share; the lock of the directory keeps other daemons away.
        try database.run("PRAGMA locking_mode = EXCLUSIVE")
        try database.run("PRAGMA journal_mode = WAL")
        try database.run("PRAGMA synchronous = FULL")
        // The log is copied into the database when the note says so.
        try database.run("PRAGMA wal_autocheckpoint = 0")
        try database.run("PRAGMA cache_size = -256")
        let findings = try database.run("PRAGMA quick_check(1)")
        guard findings == [[.text("ok")]] else {
            guard case .text(let finding) = findings.first?.first else { throw SQLiteError(.damaged, "no result") }
            throw SQLiteError(.damaged, finding)
        }
    }

    private static func read(
        _ database: SQLiteDatabase
    ) throws(SQLiteError) -> (SavedState, documents: [String: String]) {
        var (saved, documents): (SavedState, [String: String]) = (SavedState(), [:])
        for row in try texts(of: "backends", ["name", "document"], database) {
            let (name, document) = (row[0], row[1])
            do throws(Problem) {
                saved.backends.append(try BackendRecord(name: name, text: document))
            } catch {
                throw SQLiteError(.damaged, "the record of backend \(name) \(error)")
            }
            documents[name] = document
        }
        saved.routes = try routes(database)
        for row in try database.run("SELECT name, number FROM marks") {
            guard row.count == 2, case .text(let name) = row[0], case .integer(let number) = row[1],
                let mark = StateMark(rawValue: name)
            else { throw SQLiteError(.damaged, "a mark is not a number") }
            saved.marks[mark] = UInt64(clamping: number)
        }
        return (saved, documents)
    }
}

extension StateFile.Opening {
    private static func routes(_ database: SQLiteDatabase) throws(SQLiteError) -> [String: [SavedRoute]] {
        var routes: [String: [SavedRoute]] = [:]
        for row in try texts(of: "routes", ["backend", "model", "server", "address", "configuration"], database) {
            let (backend, model) = (row[0], row[1])
            guard let server = try? HostPort(parsing: row[2]), let address = IPAddress(row[3]),
                let configuration = UInt64(row[4], radix: 16)
            else { throw SQLiteError(.damaged, "a route is not valid") }
            let route = LearnedRoute(model: model, server: server, address: address)
            routes[backend, default: []].append(SavedRoute(route: route, configuration: configuration))
        }
        return routes
    }

    /// The rows of a table, whose digests are checked.
    private static func texts(
        of table: String, _ columns: [String], _ database: SQLiteDatabase
    ) throws(SQLiteError) -> [[String]] {
        var rows: [[String]] = []
        for row in try database.run("SELECT \(columns.joined(separator: ", ")), digest FROM \(table)") {
            var texts: [String] = []
            for case .text(let text) in row.prefix(columns.count) { texts.append(text) }
            guard texts.count == columns.count, let digest = row.last,
                digest == .null || digest == .digest(of: texts)
            else { throw SQLiteError(.damaged, "a row of its table \(table) was changed") }
            rows.append(texts)
        }
        return rows
    }
}
