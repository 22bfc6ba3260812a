// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSQLite

/// A database in a file. Its calls block; one thread at a time may use it.
///
/// The library is opened with the first database, so that a daemon without state does not pay for it.
@safe final class SQLiteDatabase {
    /// What a parameter or a column holds.
    enum Value: Equatable, Sendable {
        case text(String)
        case integer(Int64)
        case null
    }

    private let library: OpaquePointer
    private let database: OpaquePointer

    /// Opens an existing file; an empty file is an empty database.
    init(path: String, library name: String) throws(SQLiteError) {
        let opened = unsafe Self.withText { text, capacity in unsafe csqlite_library_open(name, text, capacity) }
        guard let opening = unsafe opened.pointer else {
            throw SQLiteError(
                .noLibrary,
                "cannot open \(name): \(unsafe opened.problem); install it; the Debian package is libsqlite3-0")
        }
        var result = CSQLITE_DONE
        let connected = unsafe Self.withText { text, capacity in
            unsafe csqlite_open(opening, path, &result, text, capacity)
        }
        guard let connection = unsafe connected.pointer else {
            unsafe csqlite_library_close(opening)
            throw SQLiteError(SQLiteError.Kind(result), unsafe connected.problem)
        }
        unsafe library = opening
        unsafe database = connection
    }

    deinit {
        unsafe csqlite_close(database)
        unsafe csqlite_library_close(library)
    }

    /// Runs one statement to its end and returns its rows.
    @discardableResult
    func run(_ sql: String, _ values: Value...) throws(SQLiteError) -> [[Value]] { try run(sql, values) }

    /// The same with a list of values.
    @discardableResult
    func run(_ sql: String, _ values: [Value]) throws(SQLiteError) -> [[Value]] {
        var result = CSQLITE_DONE
        guard let statement = unsafe csqlite_prepare(database, sql, &result) else { throw failure(result) }
        defer { unsafe csqlite_finish(statement) }
        for (index, value) in values.enumerated() {
            switch value {
            case .text(let text):
                var copy = text
                result = copy.withUTF8 { bytes in
                    unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
                        var empty: CChar = 0
                        guard let base = bytes.baseAddress else {
                            return unsafe csqlite_bind_text(statement, Int32(index + 1), &empty, 0)
                        }
                        return unsafe csqlite_bind_text(statement, Int32(index + 1), base, bytes.count)
                    }
                }
            case .integer(let number):
                result = unsafe csqlite_bind_integer(statement, Int32(index + 1), number)
            case .null:
                continue
            }
            guard result == CSQLITE_DONE else { throw failure(result) }
        }
        var rows: [[Value]] = []
        while true {
            result = unsafe csqlite_step(statement)
            guard result == CSQLITE_ROW else { break }
            unsafe rows.append(Self.row(statement))
        }
        guard result == CSQLITE_DONE else { throw failure(result) }
        return rows
    }

    /// Runs the body in a transaction, which has no effect if it throws.
    func transaction(_ body: () throws(SQLiteError) -> Void) throws(SQLiteError) {
        try run("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            try body()
            try run("COMMIT")
        } catch {
            // A statement that failed may have ended the transaction already.
            _ = try? run("ROLLBACK")
            throw error
        }
    }

    private static func row(_ statement: OpaquePointer) -> [Value] {
        (0..<(unsafe csqlite_columns(statement))).map { column in
            switch unsafe csqlite_column_type(statement, column) {
            case CSQLITE_INTEGER:
                return .integer(unsafe csqlite_column_integer(statement, column))
            case CSQLITE_TEXT:
                var count = 0
                guard let text = unsafe csqlite_column_text(statement, column, &count) else { return .null }
                let bytes = unsafe UnsafeRawBufferPointer(start: text, count: count)
                return unsafe .text(String(decoding: bytes, as: UTF8.self))
            default:
                return .null
            }
        }
    }

    private func failure(_ result: csqlite_result) -> SQLiteError {
        let message = unsafe String(cString: csqlite_message(database))
        return SQLiteError(SQLiteError.Kind(result), message, systemError: unsafe csqlite_system_error(database))
    }

    /// Lends room for the text of a problem.
    private static func withText(
        _ body: (UnsafeMutablePointer<CChar>, Int) -> OpaquePointer?
    ) -> (pointer: OpaquePointer?, problem: String) {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            guard let base = text.baseAddress else { return (nil, "no reason given") }
            unsafe base.initialize(repeating: 0, count: text.count)
            let pointer = unsafe body(base, text.count)
            return unsafe (pointer, pointer == nil ? String(cString: base) : "")
        }
    }
}

/// Why a call of SQLite failed.
struct SQLiteError: Error, Equatable {
    enum Kind: Equatable {
        /// The file is not a database, or is damaged.
        case damaged
        case full
        case busy
        case noLibrary
        /// The statement does not fit what is in the file.
        case unfit
        case failed
    }

    let kind: Kind
    let message: String
    /// The number of the system's error; 0 if it had none.
    let systemError: Int32

    init(_ kind: Kind, _ message: String, systemError: Int32 = 0) {
        self.kind = kind
        self.message = message
        self.systemError = systemError
    }
}

extension SQLiteError.Kind {
    fileprivate init(_ result: csqlite_result) {
        switch result {
        case CSQLITE_DAMAGED: self = .damaged
        case CSQLITE_FULL: self = .full
        case CSQLITE_BUSY: self = .busy
        case CSQLITE_UNFIT: self = .unfit
        default: self = .failed
        }
    }
}
