// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The steps that make a database what this version of the daemon reads and writes.
///
/// `PRAGMA user_version` counts the steps that a database has. A new step goes to the end of the list; one that was released never changes.
/// A step that changes rows with a digest sets it to NULL.
package struct StateSchema: Sendable {
    /// The statements of each step.
    package let steps: [[String]]

    package init(steps: [[String]]) {
        self.steps = steps
    }

    package static let current = StateSchema(steps: [
        [
            "CREATE TABLE backends (name TEXT PRIMARY KEY, document TEXT NOT NULL, digest INTEGER) WITHOUT ROWID",
            """
            CREATE TABLE routes (backend TEXT, model TEXT, server TEXT NOT NULL, address TEXT NOT NULL,
            configuration TEXT NOT NULL, digest INTEGER,
            PRIMARY KEY (backend, model)) WITHOUT ROWID
            """,
            "CREATE TABLE marks (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID",
            // The number of the transactions so far.
            "CREATE TABLE commits (number INTEGER NOT NULL)",
            "INSERT INTO commits VALUES (0)",
        ]
    ])

    /// How many steps the database has; more than are known if a later version made it.
    func version(of database: SQLiteDatabase) throws(SQLiteError) -> Int {
        let version = try database.run("PRAGMA user_version").first?.first
        guard case .integer(let number) = version, let done = Int(exactly: number), done >= 0 else {
            throw SQLiteError(.damaged, "the version of the schema cannot be read")
        }
        if done == 0, try !database.run("SELECT name FROM sqlite_master LIMIT 1").isEmpty {
            throw SQLiteError(.damaged, "it has tables, but no version of their schema")
        }
        return done
    }

    /// Carries out the steps that are missing, all or none.
    func migrate(_ database: SQLiteDatabase, from done: Int) throws(SQLiteError) {
        guard done < steps.count else { return }
        try database.transaction { () throws(SQLiteError) in
            for step in steps[done...] {
                for statement in step { try database.run(statement) }
            }
            try database.run("PRAGMA user_version = \(steps.count)")
        }
    }
}
