// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct LogSweepTests {
    private static let old = LogSweep.age + .seconds(60)
    private static let young = LogSweep.age - .seconds(60)

    private static func leave(_ files: [String: Duration], in directory: TemporaryDirectory) throws {
        _ = try Directory.trusted(directory.file("logs"), creating: true)
        for (name, age) in files { TestProcess.age(try directory.write("x", to: "logs/\(name)"), by: age) }
    }

    private static func names(_ directory: TemporaryDirectory) throws -> [String] {
        try Directory(path: directory.file("logs")).names().sorted()
    }

    @Test func `old files of backends that are gone go, all others stay`() async throws {
        try await withSupervision { supervision, directory in
            let gone = [
                "gone.stdout.log", "gone.stderr.log.1", "gone%2Fm%2F1.stdout.log", "gone%2Fcaf%C3%A9.stderr.log",
                "kept-2.stdout.log", "gone.stdout.log.2", ".gone.stdout.log.new",
                "gone%2F" + String(repeating: "x", count: 92) + "-0123456789abcdef.stdout.log",
            ]
            let others = [
                "kept.stdout.log", "kept.stderr.log.1", "kept%2Fm.stdout.log", "Other.stdout.log", "gone.log",
                "gone.stdout.log.x", ".stdout.log", ".gone.stdout.log", "a b.stdout.log", "gone",
            ]
            try Self.leave(Dictionary((gone + others).map { ($0, Self.old) }) { $1 }, in: directory)
            try Self.leave(["young.stdout.log": Self.young, "future.stderr.log": .seconds(-86_400)], in: directory)
            let result = LogSweep(of: supervision).run { $0 == "kept" }
            #expect(result == LogSweep.Result(removed: gone.count))
            #expect(try Self.names(directory) == (others + ["young.stdout.log", "future.stderr.log"]).sorted())
            #expect(LogSweep(of: supervision).run { $0 == "kept" } == LogSweep.Result())
        }
    }

    @Test func `what is not a plain file with one name is left`() async throws {
        try await withSupervision { supervision, directory in
            try Self.leave(["twice.stdout.log": Self.old], in: directory)
            TestProcess.addName(directory.file("logs/second"), to: directory.file("logs/twice.stdout.log"))
            let target = try directory.write("x", to: "elsewhere")
            let logs = try Directory(path: directory.file("logs"))
            try logs.makeDirectory("folder.stdout.log", mode: 0o700)
            #expect(
                try await RunningProgram(["ln", "-s", target, directory.file("logs/link.stdout.log")]).wait()
                    == .exited(0))
            for name in ["folder", "link"] { TestProcess.age(directory.file("logs/\(name).stdout.log"), by: Self.old) }
            #expect(LogSweep(of: supervision).run { _ in false } == LogSweep.Result())
            #expect(
                try Self.names(directory) == ["folder.stdout.log", "link.stdout.log", "second", "twice.stdout.log"])
        }
    }

    @Test func `a directory that others may write to is not swept, one that is missing is fine`() async throws {
        try await withSupervision { supervision, directory in
            #expect(LogSweep(of: supervision).run { _ in false } == LogSweep.Result())
            try Self.leave(["gone.stdout.log": Self.old], in: directory)
            TestProcess.setMode(directory.file("logs"), 0o777)
            let result = LogSweep(of: supervision).run { _ in false }
            #expect(result.removed == 0)
            #expect(result.fault?.description.contains(directory.file("logs")) == true)
            #expect(try Self.names(directory) == ["gone.stdout.log"])
        }
    }

    @Test func `one sweep removes a bounded number of files`() async throws {
        try await withSupervision { supervision, directory in
            let names = (0..<4100).map { "b\($0).stdout.log" }
            try Self.leave(Dictionary(uniqueKeysWithValues: names.map { ($0, Self.old) }), in: directory)
            #expect(LogSweep(of: supervision).run { _ in false }.removed == 4096)
            #expect(LogSweep(of: supervision).run { _ in false }.removed == 4)
        }
    }
}
