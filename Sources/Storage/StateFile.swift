// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
internal import ConfigDocument
package import SystemIO

/// The database of the state, in a directory that one daemon at a time uses. Its calls block.
package final class StateFile: Sendable {
    static let name = "state.db"

    package let path: String
    /// What the file had when it was opened.
    package let saved: SavedState
    /// The damaged file that was put aside.
    package let setAside: SetAside?
    private let directory: Directory
    private let identity: FileIdentity
    private let writing: Guarded<Writing>

    private struct Writing {
        let database: SQLiteDatabase
        /// The documents of the last run, to leave out what has not changed; empty after the first write.
        var documents: [String: String]
    }

    /// A damaged file that was put aside.
    package struct SetAside: Equatable, Sendable {
        package let path: String
        package let reason: String
    }

    /// Opens the state in a directory, which is made if it is missing.
    ///
    /// Waits for `patience` for another daemon to let go of it: one that was killed has it until the kernel has ended the process.
    package init(
        directory place: String, schema: StateSchema = .current, now: WallClock.Instant = WallClock.now,
        patience: Duration = .milliseconds(500)
    ) throws(StateFileError) {
        directory = try Self.take(place, patience)
        path = "\(place)/\(Self.name)"
        var (content, setAside): (Content, SetAside?) = (try Self.open(path, in: directory, schema), nil)
        if case .damaged(let reason) = content {
            setAside = try Self.setAside(path, in: directory, reason, now)
            content = try Self.open(path, in: directory, schema)
        }
        switch content {
        case .damaged(let reason):
            throw .unusable("cannot make \(path): \(reason)")
        case .sound(let database, let identity, let saved, let documents):
            (self.identity, self.saved) = (identity, saved)
            writing = Guarded(Writing(database: database, documents: documents))
        }
        self.setAside = setAside
    }

    /// Opens the directory and keeps other daemons away from it.
    private static func take(_ path: String, _ patience: Duration) throws(StateFileError) -> Directory {
        do throws(SystemError) {
            let directory = try Directory.trusted(path, creating: true)
            let (bell, pause) = (try Doorbell(), Duration.milliseconds(10))
            for attempt in 0...Int(patience / pause) {
                if attempt > 0 { bell.wait(timeout: pause) }
                guard try directory.lock(alone: true) else { continue }
                try directory.setMode(0o700)
                return directory
            }
        } catch {
            throw .unusable("\(error)")
        }
        throw .inUse(path)
    }

    /// Gives a damaged file another name, with its log.
    private static func setAside(
        _ path: String, in directory: borrowing Directory, _ reason: String, _ now: WallClock.Instant
    ) throws(StateFileError) -> SetAside {
        let time = String(now.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
        do throws(SystemError) {
            var other = "\(name).corrupt-\(time)"
            var count = 1
            while try directory.status(of: other) != nil {
                count += 1
                other = "\(name).corrupt-\(time)-\(count)"
            }
            try directory.rename(name, to: other)
            if try directory.status(of: "\(name)-wal") != nil {
                try directory.rename("\(name)-wal", to: "\(other)-wal")
            }
            try directory.synchronize()
            return SetAside(path: "\(directory.path)/\(other)", reason: reason)
        } catch {
            throw .unusable("\(path) is damaged (\(reason)), and cannot be put aside: \(error)")
        }
    }
}

// MARK: Opening

extension StateFile {
    private enum Content {
        case sound(SQLiteDatabase, FileIdentity, SavedState, documents: [String: String])
        case damaged(String)
    }

    private static func open(
        _ path: String, in directory: borrowing Directory, _ schema: StateSchema
    ) throws(StateFileError) -> Content {
        let identity: FileIdentity
        do throws(SystemError) {
            // Closed before SQLite opens it: closing it later would release the locks of SQLite's descriptor.
            identity = try FileIdentity(of: try directory.openForUpdating(name, creating: true))
            try directory.synchronize()
        } catch {
            throw .unusable("\(error)")
        }
        let version: Int
        do throws(SQLiteError) {
            let database = try SQLiteDatabase(path: path)
            try prepare(database)
            version = try schema.migrate(database)
            if version <= schema.steps.count {
                let (saved, documents) = try read(database)
                return .sound(database, identity, saved, documents: documents)
            }
        } catch {
            switch error.kind {
            case .damaged: return .damaged(error.message)
            case .noLibrary: throw .unusable(error.message)
            case .full, .busy, .failed: throw .unusable(text(of: error, "open", path))
            }
        }
        throw .newer(path: path, version: version, known: schema.steps.count)
    }

    private static func prepare(_ database: SQLiteDatabase) throws(SQLiteError) {
        // Without a file for memory that processes share; the lock of the directory keeps other daemons away.
        try database.run("PRAGMA locking_mode = EXCLUSIVE")
        try database.run("PRAGMA journal_mode = WAL")
        try database.run("PRAGMA synchronous = FULL")
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
        for row in try database.run("SELECT name, document FROM backends") {
            guard row.count == 2, case .text(let name) = row[0], case .text(let document) = row[1] else {
                throw SQLiteError(.damaged, "a backend is not text")
            }
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

extension StateFile {
    private static func routes(_ database: SQLiteDatabase) throws(SQLiteError) -> [String: [LearnedRoute]] {
        var routes: [String: [LearnedRoute]] = [:]
        for row in try database.run("SELECT backend, model, server, address FROM routes") {
            guard row.count == 4, case .text(let backend) = row[0], case .text(let model) = row[1],
                case .text(let server) = row[2], case .text(let text) = row[3], let address = IPAddress(text),
                let server = try? HostPort(parsing: server)
            else { throw SQLiteError(.damaged, "a route is not valid") }
            routes[backend, default: []].append(LearnedRoute(model: model, server: server, address: address))
        }
        return routes
    }
}

// MARK: Writing

extension StateFile {
    /// Brings what was written into the one file of the database, and empties its log.
    package func checkpoint() {
        // Without it the next start reads the log.
        _ = try? writing.withLock { (writing) throws(SQLiteError) in
            try writing.database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    /// Writes changes to the disk, all or none.
    package func write(_ changes: [StateChange]) throws(StateFault) {
        guard (try? FileIdentity.of(path: path)) == identity else {
            throw StateFault(
                "\(path) was removed or replaced while the daemon runs; save the configuration with"
                    + " 'backendctl config export --secrets', which leaves out holds, what is disabled and what waits for the next start, then"
                    + " restart the daemon with it")
        }
        do throws(SQLiteError) {
            try writing.withLock { (writing) throws(SQLiteError) in
                let (database, documents) = (writing.database, writing.documents)
                try database.transaction { () throws(SQLiteError) in
                    for change in changes { try Self.write(change, to: database, after: documents) }
                }
                writing.documents = [:]
            }
        } catch {
            throw StateFault(Self.text(of: error, "write", path))
        }
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
                INSERT INTO backends (name, document) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET document = excluded.document
                """, .text(record.name), .text(document))
        case .backendRemoved(let name):
            try database.run("DELETE FROM backends WHERE name = ?", .text(name))
        case .route(let route, let backend):
            try database.run(
                "INSERT OR REPLACE INTO routes (backend, model, server, address) VALUES (?, ?, ?, ?)", .text(backend),
                .text(route.model), .text(route.server.description), .text(route.address.description))
        case .routesForgotten(let backend):
            try database.run("DELETE FROM routes WHERE backend = ?", .text(backend))
        case .mark(let mark, let number):
            try database.run(
                "INSERT INTO marks (name, number) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = excluded.number",
                .text(mark.rawValue), .integer(Int64(clamping: number)))
        }
    }

    /// `cannot write /var/lib/backendd/state.db: the disk is full; make room on it`
    private static func text(of error: SQLiteError, _ call: String, _ path: String) -> String {
        let what = "cannot \(call) \(path)"
        switch error.kind {
        case .full: return "\(what): the disk is full; make room on it"
        case .damaged: return "\(what): it is damaged (\(error.message)); restart the daemon"
        case .busy: return "\(what): another program uses it; end that program"
        case .noLibrary, .failed:
            guard error.systemError != 0 else { return "\(what): \(error.message)" }
            let system = SystemError(code: error.systemError, call: call, subject: path)
            return system.writeRemedy.map { "\(what): \($0)" } ?? system.description
        }
    }
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
