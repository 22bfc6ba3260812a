// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import Storage
import SystemIO
import TestSupport
import Testing

@Suite struct StateFileTests {
    private let directory: TemporaryDirectory
    private var place: String { directory.file("state") }
    private var path: String { directory.file("state/state.db") }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func record(_ name: String, generation: Int64 = 1) throws -> BackendRecord {
        try .local(name, generation: generation)
    }

    @Test func `what was written is there when the file is opened again`() throws {
        let (a, b) = (try record("a", generation: 2), try record("b"))
        do {
            let file = try StateFile(directory: place)
            #expect(file.saved.backends.isEmpty)
            try file.write([.backend(try record("a")), .backend(b), .mark(.eventSequence, 5)])
            try file.write([.backend(a), .backendRemoved("b"), .mark(.eventSequence, 7), .mark(.lockToken, .max)])
        }
        let file = try StateFile(directory: place)
        #expect(file.saved.backends == [a])
        #expect(file.saved.marks == [.eventSequence: 7, .lockToken: UInt64(Int64.max)])
        #expect(file.setAside == nil)
    }

    @Test func `routes of a backend are kept and forgotten together`() throws {
        let (name, address) = (try HostPort(parsing: "host:80"), try #require(IPAddress("::1")))
        let routes = ["a", "b"].map {
            SavedRoute(route: LearnedRoute(model: $0, server: name, address: address), configuration: .max)
        }
        do {
            let file = try StateFile(directory: place)
            try file.write(routes.map { .route($0, backend: "x") } + [.route(routes[0], backend: "y")])
            try file.write([.routesForgotten(backend: "y"), .route(routes[1], backend: "y")])
            file.settle()
        }
        let file = try StateFile(directory: place)
        #expect(Set(file.saved.routes["x"] ?? []) == Set(routes))
        #expect(file.saved.routes["y"] == [routes[1]])
    }

    @Test func `directory and file are for their user alone`() throws {
        let file = try StateFile(directory: directory.file("not/there/yet"))
        try file.write([.mark(.lockToken, 1)])
        #expect(try File.mode(of: directory.file("not/there/yet")) == 0o700)
        for name in ["state.db", "state.db-wal"] {
            #expect(try File.mode(of: directory.file("not/there/yet/\(name)")) == 0o600, "\(name)")
        }
    }

    @Test func `a second one in the directory is refused, until the first one is gone`() throws {
        do {
            let first = try StateFile(directory: place)
            let error = #expect(throws: StateFileError.self) { try StateFile(directory: place, patience: .zero) }
            #expect(error == .inUse(place))
            #expect(
                error?.description
                    == "cannot use \(place): another daemon keeps its state there; stop it, or set state_directory to another directory"
            )
            withExtendedLifetime(first) {}
        }
        _ = try StateFile(directory: place)
    }

    @Test func `each run has numbers of its own, whatever the clock says and however the run before ended`() throws {
        var (newest, seconds): ([StateMark: UInt64], Int64) = ([:], 1_790_000_000)
        for (run, step) in ([0, 86_400, -86_400, -86_400, 4000, 86_400, 0, -4000] as [Int64]).enumerated() {
            seconds += step
            let file = try StateFile(directory: place, now: WallClock.Instant(seconds: seconds, nanoseconds: 0))
            for mark in StateMark.allCases {
                let (first, last) = (file.saved.marks[mark] ?? 0, file.saved.reserved[mark] ?? 0)
                #expect(first >= newest[mark] ?? 0)
                #expect(last == first + mark.block)
                // An orderly end leaves the last number that was given.
                if run % 2 == 0 {
                    newest[mark] = first + 5
                    try file.write([.mark(mark, first + 5)])
                } else {
                    newest[mark] = last
                }
            }
        }
    }

    // MARK: Versions

    @Test func `a file of an earlier version gets the steps that it lacks`() throws {
        do {
            let file = try StateFile(directory: place, schema: StateSchema(steps: [StateSchema.current.steps[0]]))
            try file.write([.backend(try record("a"))])
        }
        let later = StateSchema(
            steps: StateSchema.current.steps + [
                ["UPDATE backends SET document = replace(document, '\"priority\":0', '\"priority\":7'), digest = NULL"],
                ["INSERT INTO marks VALUES ('event_sequence', 3000000)"],
            ])
        for _ in 0..<2 {
            let file = try StateFile(directory: place, schema: later)
            #expect(file.saved.backends.map(\.priority) == [7])
            #expect(file.saved.marks[.eventSequence] ?? 0 >= 3_000_000)
        }
    }

    @Test func `a step that fails leaves the file as it was`() throws {
        do { try StateFile(directory: place).write([.backend(try record("a"))]) }
        let broken = StateSchema(steps: StateSchema.current.steps + [["DELETE FROM backends", "NOT SQL"]])
        let error = #expect(throws: StateFileError.self) { try StateFile(directory: place, schema: broken) }
        guard case .unusable = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(try StateFile(directory: place).saved.backends.count == 1)
    }

    @Test func `a file of a later version is refused and left alone`() throws {
        let later = StateSchema(steps: StateSchema.current.steps + [["CREATE TABLE more (x)"]])
        do { try StateFile(directory: place, schema: later).write([.backend(try record("a"))]) }
        let error = #expect(throws: StateFileError.self) { try StateFile(directory: place) }
        let known = StateSchema.current.steps.count
        #expect(error == .newer(path: path, version: known + 1, known: known))
        #expect(try StateFile(directory: place, schema: later).saved.backends.count == 1)
    }

    // MARK: Damage

    @Test func `a file that is not a database is put aside, and the state begins empty`() throws {
        do { try StateFile(directory: place).write([.backend(try record("a"))]) }
        try directory.write(String(repeating: "this is not a database. ", count: 500), to: "state/state.db")
        try directory.write("log", to: "state/state.db-wal")
        let now = WallClock.Instant(seconds: 1_796_047_613, nanoseconds: 0)
        let file = try StateFile(directory: place, now: now)
        #expect(file.saved.backends.isEmpty)
        let aside = place + "/state.db.corrupt-20261130T140653Z"
        #expect(file.setAside?.path == aside)
        #expect(try File.read(path: aside, limit: 1 << 20).starts(with: "this is".utf8))
        #expect(try File.read(path: aside + "-wal", limit: 1 << 20) == Array("log".utf8))
        try file.write([.backend(try record("b"))])
    }

    @Test func `a damaged page is found`() throws {
        do {
            let file = try StateFile(directory: place)
            try file.write(try (0..<200).map { .backend(try record("b\($0)")) })
            file.settle()
        }
        var bytes = try File.read(path: path, limit: 1 << 20)
        #expect(bytes.count > 3 * 4096)
        for index in bytes.indices.dropFirst(2 * 4096).prefix(4096) { bytes[index] = 0xA5 }
        try Directory(path: place).openForUpdating("state.db").writeAll(bytes)
        let file = try StateFile(directory: place)
        #expect(file.setAside != nil)
        #expect(file.saved.backends.isEmpty)
    }

    @Test func `a record that cannot be read is damage too, and two at one moment get two names`() throws {
        let now = WallClock.Instant(seconds: 0, nanoseconds: 0)
        var steps = StateSchema.current.steps
        do { try StateFile(directory: place).write([.backend(try record("a"))]) }
        for suffix in ["", "-2"] {
            steps.append(["UPDATE backends SET document = '{}', digest = NULL"])
            let file = try StateFile(directory: place, schema: StateSchema(steps: steps), now: now)
            #expect(file.setAside?.path == "\(place)/state.db.corrupt-19700101T000000Z\(suffix)")
            #expect(file.setAside?.reason == "the record of backend a has no valid type")
            try file.write([.backend(try record("a"))])
        }
    }

    @Test func `a file that was removed is not written to`() throws {
        let file = try StateFile(directory: place)
        try File.remove(path)
        let fault = #expect(throws: StateFault.self) { try file.write([.mark(.lockToken, 1)]) }
        #expect(fault?.description.hasPrefix("\(path) was removed or replaced") == true)
    }

    @Test func `a directory that others can write to is refused with the key to change`() throws {
        try Directory(path: directory.path).makeDirectory("open", mode: 0o700)
        TestProcess.setMode(directory.file("open"), 0o777)
        let error = #expect(throws: StateFileError.self) { try StateFile(directory: directory.file("open")) }
        let words = error?.description ?? ""
        #expect(
            words.hasPrefix("the state cannot be kept: cannot trust directory \(directory.file("open"))"), "\(words)")
        #expect(words.hasSuffix("set state_directory to a directory that can be used, or to none to keep no state"))
    }
}
