// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Storage
import SystemIO
import TestSupport
import Testing

/// What a kill leaves is taken as it is; what loses changes that callers were told to be saved is put aside and told.
@Suite struct StateDamageTests {
    private let directory: TemporaryDirectory
    private var place: String { directory.file("state") }
    private static let (main, log, note) = ("state.db", "state.db-wal", "state.db-note")

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Writes a backend per change.
    private func write(_ names: [String], settling: Bool = false) throws {
        let file = try StateFile(directory: place)
        for name in names { try file.write([.backend(try .local(name))]) }
        if settling { file.settle() }
    }

    /// The names of the backends that a new run finds; nil if the state was put aside.
    private func found() throws -> [String]? {
        let told = Recorder<StateFile.SetAside>()
        let file = try StateFile(directory: place) { told.append($0) }
        #expect(told.elements == [file.setAside].compactMap { $0 })
        return file.setAside == nil ? file.saved.backends.map(\.name).sorted() : nil
    }

    // MARK: Kills

    @Test func `a write that was cut short anywhere is as if it had not been, or as if it had been`() throws {
        try write(["a"])
        let before = try StateFolder(place)
        try write(["b"])
        let after = try StateFolder(place)
        var folder = before
        for count in stride(from: before[Self.log].count, through: after[Self.log].count, by: 509) {
            folder[Self.log] = Array(after[Self.log].prefix(count))
            try folder.restore()
            let found = try found()
            #expect(found == ["a"] || found == ["a", "b"], "\(count)")
        }
    }

    @Test func `the first write that was cut short anywhere leaves an empty state`() throws {
        _ = try StateFile(directory: place)
        let whole = try StateFolder(place)
        var folder = whole
        for count in stride(from: 0, to: whole[Self.log].count, by: 509) {
            folder[Self.log] = Array(whole[Self.log].prefix(count))
            try folder.restore()
            #expect(try found() == [], "\(count)")
        }
    }

    @Test func `what a log has of an earlier generation is not damage`() throws {
        try write(["a", "b", "c"])
        let old = try StateFolder(place)[Self.log]
        try write([], settling: false)
        do {
            let file = try StateFile(directory: place)
            try file.write([.backend(try .local("d"))])
            file.settle()
            try file.write([.backend(try .local("e"))])
        }
        var folder = try StateFolder(place)
        #expect(folder[Self.log].count < old.count)
        folder[Self.log] += old.dropFirst(folder[Self.log].count)
        try folder.restore()
        #expect(try found() == ["a", "b", "c", "d", "e"])
    }

    /// The bytes that this thread has written to files, and taken back before they were on the disk.
    private static func cancelledBytes() throws -> Int {
        let text = String(decoding: try File.read(path: "/proc/thread-self/io", limit: 4096), as: UTF8.self)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("cancelled_write_bytes: ") })
        return try #require(line.split(separator: " ").last.flatMap { Int($0) })
    }

    @Test func `what a kill has left in the log is on the disk before a note says that it has to be there`() throws {
        try write(["a"])
        // The log is written again, and not waited for.
        try StateFolder(place).restore()
        _ = try StateFile(directory: place)
        let before = try Self.cancelledBytes()
        try File.remove("\(place)/\(Self.log)")
        #expect(try Self.cancelledBytes() == before)
    }

    /// The log is copied into the database page by page; a kill leaves any of them.
    private func halfSettled() throws -> [StateFolder] {
        try write(["a", "b"])
        let before = try StateFolder(place)
        var notes = try #require(StateNotes(before[Self.note]))
        var moving = notes.note
        moving.isMoving = true
        let (bytes, offset) = notes.next(moving)
        notes.wrote(moving)
        do {
            let file = try StateFile(directory: place)
            try file.write([.mark(.eventSequence, 1)])
            file.settle()
        }
        let after = try StateFolder(place)[Self.main]
        return stride(from: 0, through: after.count, by: 4096).map { count in
            var folder = before
            folder[Self.note].replaceSubrange(offset..<offset + bytes.count, with: bytes)
            folder[Self.main] = Array(after.prefix(count)) + before[Self.main].dropFirst(count)
            return folder
        }
    }

    @Test func `a kill while the log is copied into the database loses nothing`() throws {
        for folder in try halfSettled() {
            try folder.restore()
            #expect(try found() == ["a", "b"])
            #expect(try StateNotes(StateFolder(place)[Self.note])?.note.isMoving == false)
            #expect(try found() == ["a", "b"])
        }
    }

    @Test func `a database into which the log was copied in part is damaged without its log`() throws {
        for (index, folder) in try halfSettled().enumerated() {
            var folder = folder
            folder.files[Self.log] = index % 2 == 0 ? nil : Array(folder[Self.log].prefix(31))
            try folder.restore()
            #expect(try found() == nil, "\(index)")
        }
    }

    // MARK: Damage

    /// What must be put aside, with the bytes that it has.
    private func expectAside(_ folder: StateFolder, _ what: String) throws {
        try folder.restore()
        #expect(try found() == nil, "\(what)")
        let left = try StateFolder(place)
        for name in [Self.main, Self.log] where folder.files[name] != nil {
            let suffix = name.dropFirst(Self.main.count)
            let aside = left.files.first {
                $0.key.hasPrefix("state.db.corrupt-") && $0.key.hasSuffix(suffix)
                    && (suffix == "-wal" || !$0.key.hasSuffix("-wal"))
            }
            #expect(aside?.value == folder[name], "\(what): \(name)")
        }
        // The next start is an ordinary one, and numbers go on behind those of before.
        let file = try StateFile(directory: place)
        #expect(file.setAside == nil)
        #expect(file.saved.marks[.eventSequence] ?? 0 >= 2 * StateMark.eventSequence.block)
        #expect(file.saved.backends.isEmpty)
    }

    @Test func `a byte of the log that was changed is found, wherever it is`() throws {
        try write(["a", "b"])
        let folder = try StateFolder(place)
        for index in Array(0..<56) + Array(stride(from: 56, to: folder[Self.log].count, by: 1021)) {
            var damaged = folder
            damaged[Self.log][index] ^= 0x10
            try expectAside(damaged, "byte \(index)")
        }
    }

    @Test func `files that are missing, empty or of an earlier time are found`() throws {
        try write(["a"])
        let earlier = try StateFolder(place)
        try write(["b"])
        let folder = try StateFolder(place)
        let changes: [(String, (inout StateFolder) -> Void)] = [
            ("the log is missing", { $0.files[Self.log] = nil }), ("the log is empty", { $0[Self.log] = [] }),
            ("the log is older", { $0[Self.log] = earlier[Self.log] }),
            ("the log is foreign", { $0[Self.log] = Array("a text that is longer than a header".utf8) }),
            ("the database is missing", { $0.files[Self.main] = nil }),
            ("the database is empty", { $0[Self.main] = [] }),
            ("both are missing", { ($0.files[Self.main], $0.files[Self.log]) = (nil, nil) }),
        ]
        for (what, change) in changes {
            var damaged = folder
            change(&damaged)
            try expectAside(damaged, what)
        }
    }

    @Test func `an empty database beside a log is damage even without its note`() throws {
        try write(["a"])
        var folder = try StateFolder(place)
        folder.files[Self.note] = nil
        folder[Self.main] = []
        try folder.restore()
        #expect(try found() == nil)
        // Numbers go on behind the clock.
        let file = try StateFile(directory: place)
        #expect(file.saved.marks[.eventSequence] ?? 0 > UInt64(WallClock.now.seconds) * 1_000_000)
    }

    @Test func `a copy of the directory, or without its note, is taken as it is`() throws {
        try write(["a"], settling: true)
        var folder = try StateFolder(place)
        try write(["b"])
        try folder.restore()
        #expect(try found() == ["a"])
        // With an older database, but without what says how new it has to be.
        (folder.files[Self.note], folder.files[Self.log]) = (nil, nil)
        try write(["c"])
        try folder.restore()
        #expect(try found() == ["a"])
    }

    @Test(arguments: [("marks", "merks"), ("commits", "kommits"), ("address", "adresse")])
    func `tables that do not fit are damage`(name: String, other: String) throws {
        try write(["a"], settling: true)
        var folder = try StateFolder(place)
        let text = folder[Self.main]
        for index in text.indices where text[index...].starts(with: name.utf8) {
            folder[Self.main].replaceSubrange(index..<index + name.utf8.count, with: other.utf8)
        }
        #expect(folder[Self.main] != text)
        try folder.restore()
        #expect(try found() == nil)
    }

    @Test(arguments: ["generation", "10.0.0.1", "LOCAL"])
    func `a text that was changed is damage, even if it is still valid`(text: String) throws {
        let address = try #require(IPAddress("10.0.0.1"))
        let route = LearnedRoute(model: "m", server: HostPort(address, port: 1), address: address)
        do {
            let file = try StateFile(directory: place)
            try file.write([
                .backend(try .local("a")), .route(SavedRoute(route: route, configuration: 1), backend: "a"),
            ])
            file.settle()
        }
        var folder = try StateFolder(place)
        let bytes = folder[Self.main]
        let index = try #require(bytes.indices.last { bytes[$0...].starts(with: text.utf8) })
        folder[Self.main][index + text.utf8.count - 1] ^= 2
        try folder.restore()
        #expect(try found() == nil)
    }

    @Test func `tables without a version are damage`() throws {
        try write(["a"], settling: true)
        var folder = try StateFolder(place)
        folder[Self.main].replaceSubrange(60..<64, with: [0, 0, 0, 0])
        try folder.restore()
        #expect(try found() == nil)
    }

    @Test(arguments: ["state.db", "state.db-wal", "state.db-journal"])
    func `a directory in place of a file is put aside`(name: String) throws {
        try write(["a"])
        try File.remove("\(place)/\(name)")
        try Directory(path: place).makeDirectory(name, mode: 0o700)
        #expect(try found() == nil)
        #expect(try found() == [])
    }

    @Test func `a database with a second name is refused, and stays`() throws {
        try write(["a"])
        TestProcess.addName("\(place)/copy", to: "\(place)/state.db")
        let error = #expect(throws: StateFileError.self) { try StateFile(directory: place) }
        #expect(error?.description.contains("remove its other names, which 'find / -samefile' finds") == true)
        try File.remove("\(place)/copy")
        #expect(try found() == ["a"])
    }

    // MARK: While it is open

    @Test(arguments: [true, false])
    func `a log that is removed or replaced while the state is open costs nothing`(isReplaced: Bool) throws {
        do {
            let file = try StateFile(directory: place)
            try file.write([.backend(try .local("a"))])
            let old = try StateFolder(place)[Self.log]
            try file.write([.backend(try .local("b"))])
            try File.remove("\(place)/state.db-wal")
            if isReplaced {
                try Directory(path: place).openForUpdating("state.db-wal", creating: true).writeAll(old)
            }
            try file.write([.backend(try .local("c"))])
            try file.write([.backend(try .local("d"))])
        }
        #expect(try found() == ["a", "b", "c", "d"])
    }

    @Test func `a log that is removed after the last change is made again when nothing else is to be written`() throws {
        do {
            let file = try StateFile(directory: place)
            try file.write([.backend(try .local("a"))])
            try File.remove("\(place)/state.db-wal")
            file.settle()
        }
        #expect(try found() == ["a"])
    }

    @Test func `a change is refused while the log cannot be made again`() throws {
        do {
            let file = try StateFile(directory: place)
            try file.write([.backend(try .local("a"))])
            try File.remove("\(place)/state.db-wal")
            try Directory(path: place).makeDirectory("state.db-wal", mode: 0o700)
            for _ in 0..<2 {
                let fault = #expect(throws: StateFault.self) { try file.write([.backend(try .local("b"))]) }
                #expect(
                    fault?.description.contains("was removed or replaced while the daemon runs") == true, "\(fault)")
            }
            try Directory(path: place).remove("state.db-wal", isDirectory: true)
            try file.write([.backend(try .local("b"))])
        }
        #expect(try found() == ["a", "b"])
    }

    @Test func `the log is copied into the database when nothing else is to be written`() throws {
        try write(["a"], settling: true)
        var folder = try StateFolder(place)
        #expect(folder[Self.log].isEmpty)
        folder.files[Self.log] = nil
        try folder.restore()
        #expect(try found() == ["a"])
    }

    // MARK: Without SQLite

    @Test func `without its library the state is refused with the package to install`() throws {
        let error = #expect(throws: StateFileError.self) { try StateFile(directory: place, library: "libnone.so.7") }
        let words = error?.description ?? ""
        #expect(words.contains("cannot open libnone.so.7"), "\(words)")
        #expect(words.contains("install it; the Debian package is libsqlite3-0; set state_directory"), "\(words)")
        #expect(try found() == [])
    }
}
