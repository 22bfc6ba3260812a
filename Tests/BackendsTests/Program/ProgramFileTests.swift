// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import SystemIO
import TestSupport
import Testing
import TextKeys

/// A start that fails says what is missing: the program, its interpreter or loader, or its directory.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ProgramFileTests {
    /// An ELF program of this host that is nothing but headers; `change` makes it what a case needs.
    private static func image(_ change: (inout [UInt8]) -> Void = { _ in }) throws -> [UInt8] {
        var buffer = ByteBuffer()
        _ = try File.openRegular("/proc/self/exe").read(into: &buffer, atMost: 4096)
        var bytes = buffer.copied()
        change(&bytes)
        return bytes
    }

    /// An ELF program for this host whose loader has another path.
    private static func linked(for loader: String) throws -> [UInt8] {
        let name = Array(loader.utf8) + [0]
        return try image { bytes in
            // 64 bytes of the header, one program header of 56, and the name.
            bytes = Array(bytes.prefix(64))
            (bytes[32..<40], bytes[54..<58]) = ([64, 0, 0, 0, 0, 0, 0, 0], [56, 0, 1, 0])
            bytes += [3, 0, 0, 0, 4, 0, 0, 0, 120, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 16)
            bytes += [UInt8(name.count)] + [UInt8](repeating: 0, count: 7) + [UInt8(name.count)]
            bytes += [UInt8](repeating: 0, count: 15) + name
        }
    }

    private static func make(_ name: String, _ bytes: [UInt8], in directory: TemporaryDirectory) throws {
        let path = try directory.write("", to: name)
        try File.openForAppending(path).writeAll(bytes)
        TestProcess.setMode(path, 0o755)
    }

    /// What each name in the directory stands for.
    private static func fill(_ directory: TemporaryDirectory) throws {
        let scripts = [
            "crlf": "#!/bin/sh\r\nexit 0\r\n", "crlf-option": "#!/bin/sh -e\r\nexit 0\r\n", "plain": "echo hello\n",
            "empty": "", "nothing": "#!\nexit 0\n", "missing": "#!/no/such/interpreter -x\n",
            "blocked": "#!\(directory.file("blocked-interpreter"))\n", "blocked-interpreter": "#!/bin/sh\n",
            "env": "#!/usr/bin/env nosuchpython\n", "env-words": "#!/usr/bin/env sh -e\n",
            "env-split": "#!/usr/bin/env -S A=1 nosuchpython -u\n", "env-good": "#!/usr/bin/env -S A=1 sh\nexit 7\n",
            "relative": "#!no/such/interpreter\n", "good": "#!/bin/sh\nexit 7\n", "blank": "#! \t/bin/sh\nexit 7\n",
            "in-directory": "#!\(directory.path)\n", "nested": "#!\(directory.file("missing"))\n",
            "self": "#!\(directory.file("self"))\n",
        ]
        for (name, text) in scripts { try make(name, Array(text.utf8), in: directory) }
        TestProcess.setMode(directory.file("blocked-interpreter"), 0o644)
        try make("no-bit", Array("#!/bin/sh\n".utf8), in: directory)
        TestProcess.setMode(directory.file("no-bit"), 0o644)
        try make("damaged", [0x7F, 0x45, 0x4C, 0x46] + [UInt8](repeating: 7, count: 100), in: directory)
        try make("cut", Array(try image().prefix(40)), in: directory)
        try make("headless", Array(try image().prefix(64)), in: directory)
        try make("foreign", try image { $0[18..<20] = [0xF3 ^ 0x40, 0] }, in: directory)
        try make("binary", [0x00, 0xFF, 0x10, 0x80], in: directory)
        try make("loader", try linked(for: "/no/such/ld.so"), in: directory)
        for (name, target) in [("dangling", "/no/such/target"), ("loop", directory.file("loop")), ("root", "/")] {
            try TestProcess.link(target, at: directory.file(name))
        }
    }

    @Test(arguments: [
        ("crlf", "PROGRAM_UNUSABLE", "carriage return"), ("crlf", "PROGRAM_UNUSABLE", #""/bin/sh\r""#),
        ("crlf-option", "PROGRAM_UNUSABLE", "carriage return"), ("plain", "PROGRAM_UNUSABLE", "first line must be #!"),
        ("empty", "PROGRAM_UNUSABLE", "is an empty file"), ("nothing", "PROGRAM_UNUSABLE", "names no interpreter"),
        (
            "missing", "PROGRAM_NOT_FOUND",
            #"interpreter "/no/such/interpreter" of its first line, which does not exist"#
        ),
        ("blocked", "PROGRAM_NOT_FOUND", "which is not executable by the daemon's user"),
        ("env", "PROGRAM_NOT_FOUND", #"interpreter "nosuchpython""#), ("env-words", "PROGRAM_NOT_FOUND", "env -S"),
        ("env-split", "PROGRAM_NOT_FOUND", #"interpreter "nosuchpython""#),
        ("relative", "PROGRAM_NOT_FOUND", #"interpreter "no/such/interpreter""#),
        ("in-directory", "PROGRAM_NOT_FOUND", "which is a directory"),
        ("nested", "PROGRAM_NOT_FOUND", "/no/such/interpreter"), ("self", "PROGRAM_UNUSABLE", "itself a script"),
        ("no-bit", "PROGRAM_NOT_FOUND", "is not executable by the daemon's user"),
        ("damaged", "PROGRAM_UNUSABLE", "is a damaged ELF program"), ("cut", "PROGRAM_UNUSABLE", "damaged ELF"),
        ("headless", "PROGRAM_UNUSABLE", "damaged ELF"), ("foreign", "PROGRAM_UNUSABLE", "processors"),
        ("binary", "PROGRAM_UNUSABLE", "neither an ELF program nor a script"),
        ("loader", "PROGRAM_NOT_FOUND", #"needs the loader "/no/such/ld.so" that it was linked for"#),
        ("dangling", "PROGRAM_NOT_FOUND", "is a link whose target does not exist"),
        ("loop", "PROGRAM_NOT_FOUND", "is a link that leads back to itself"),
        ("root", "PROGRAM_NOT_FOUND", "is a directory"),
        ("good/x", "PROGRAM_NOT_FOUND", "is below a file that is not"),
    ])
    func `a program that cannot be run is named with what it lacks, before and at the start`(
        name: String, reason: String, words: String
    ) async throws {
        try await withProcesses { fixture in
            try Self.fill(fixture.directory)
            let command: ConfigValue = [
                "command": [.string("./\(name)")], "working_directory": .string(fixture.directory.path),
            ]
            let type = BackendType.process(on: fixture.supervision)
            let warnings = type.warnings(try BackendConfiguration(type: type, base: command).effective)
            #expect(warnings.map(\.path) == [["command", 0]])
            #expect(warnings.first?.message.contains(words) == true, "\(warnings)")
            let error = await failure { try await fixture.start(command) }
            #expect(error?.kind == .failedPrecondition)
            #expect(error?.reason.rawValue == reason, "\(String(describing: error))")
            let message = error?.message ?? ""
            #expect(message.contains(words) && message.contains("\"./\(name)\""), "\(message)")
            #expect(!message.contains("/bin/sh: ") && !message.contains("cgroup"), "\(message)")
            #expect(error?.metadata["program"] == "./\(name)")
        }
    }

    @Test(arguments: ["good", "blank", "env-good"])
    func `a script that can be run is`(name: String) async throws {
        try await withProcesses { fixture in
            try Self.fill(fixture.directory)
            let path = fixture.directory.file(name)
            let error = await failure { try await fixture.start(["command": [.string(path)]]) }
            #expect(error?.reason == .exited)
            #expect(error?.message.contains("exit code 7") == true)
        }
    }

    @Test
    func `the search for a program continues after a file that must not be executed, and names it if none follows`()
        async throws
    {
        try await withProcesses { fixture in
            try Self.fill(fixture.directory)
            let path = "\(fixture.directory.path):/usr/bin:/bin"
            try Self.make("true", Array("#!/bin/sh\n".utf8), in: fixture.directory)
            TestProcess.setMode(fixture.directory.file("true"), 0o644)
            let found = await failure {
                try await fixture.start(["command": ["true"], "env": ["PATH": .string(path)]])
            }
            #expect(found?.reason == .exited)
            try await fixture.backend.stop()
            let blocked = await failure {
                try await fixture.start(["command": ["no-bit"], "env": ["PATH": .string(path)]])
            }
            #expect(blocked?.reason == .programNotFound)
            #expect(blocked?.message.contains("\(fixture.directory.file("no-bit"))\", which is not executable") == true)
        }
    }

    @Test(arguments: [
        ("missing-here", "does not exist"), ("good", "is not a directory"), ("dangling", "is a link whose target"),
        ("loop", "is a link that leads back to itself"), ("good/x", "is below a file that is not a directory"),
    ])
    func `a working directory that cannot be used is named`(name: String, words: String) async throws {
        try await withProcesses { fixture in
            try Self.fill(fixture.directory)
            let path = fixture.directory.file(name)
            let command: ConfigValue = ["command": ["true"], "working_directory": .string(path)]
            let type = BackendType.process(on: fixture.supervision)
            let warnings = type.warnings(try BackendConfiguration(type: type, base: command).effective)
            #expect(warnings.first?.path == ["working_directory"] && warnings.first?.message.contains(words) == true)
            let error = await failure { try await fixture.start(command) }
            #expect(error?.kind == .failedPrecondition && error?.reason == .fileUnusable)
            #expect(error?.message.contains("the working directory \"") == true)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            #expect(error?.metadata["path"] == path)
        }
    }

    @Test func `a command that is longer than the system passes on is told as that`() async throws {
        try await withProcesses { fixture in
            // One argument has at most 128 KiB, whatever the limits are.
            let long = ConfigValue.string(String(repeating: "é", count: 65_536))
            let error = await failure { try await fixture.start(["command": ["true", long]]) }
            #expect(error?.kind == .failedPrecondition)
            #expect(error?.reason.rawValue == "COMMAND_TOO_LONG", "\(String(describing: error))")
            #expect(error?.message.contains("/bin/sh") == false)
        }
    }

    @Test func `a file system without programs is told as that`() async throws {
        try await withProcesses { fixture in
            guard File.isOnNoExec("/proc") else { return }
            // A regular file with the bit set, on a file system of the kernel's that runs nothing.
            let mounted = ["/sys/kernel/notes", "/proc/version"].filter { (try? FileStatus(at: $0)) != nil }
            for path in mounted {
                let error = await failure { try await fixture.start(["command": [.string(path)]]) }
                #expect(error?.kind == .failedPrecondition)
                #expect(error?.message.contains(File.isOnNoExec(path) ? "noexec" : "not executable") == true)
            }
        }
    }
}
