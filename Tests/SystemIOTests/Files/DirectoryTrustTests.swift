// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite("Trusted directories", .tags(.blocking)) struct DirectoryTrustTests {
    private let base: TemporaryDirectory
    private static let isRoot = ProcessInformation.uid == 0

    init() throws {
        base = try TemporaryDirectory()
    }

    private func failure(_ path: String, creating: Bool = true) -> String? {
        do throws(SystemError) {
            _ = try Directory.trusted(path, creating: creating)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `what is missing is made for its owner alone`() throws {
        #expect(failure(base.file("a/b/c")) == nil)
        #expect(try File.mode(of: base.file("a")) == 0o700)
        #expect(try File.mode(of: base.file("a/b/c")) == 0o700)
        #expect(failure(base.file("x/y"), creating: false)?.contains("No such file or directory") == true)
    }

    @Test(arguments: [UInt32(0o777), 0o707, 0o702])
    func `a directory that others write to is refused with its owner and mode`(mode: UInt32) throws {
        try #require(failure(base.file("d.d/logs")) == nil)
        TestProcess.setMode(base.file("d.d"), mode)
        let own = ProcessInformation.uid
        let words = "\(base.file("d.d")): uid \(own) owns it and its mode is 0\(String(mode, radix: 8))"
        #expect(failure(base.file("d.d"))?.contains(words) == true)
        // A parent counts too.
        #expect(failure(base.file("d.d/logs"))?.contains(words) == true)
    }

    @Test func `a sticky directory is a parent, and not a directory of one's own`() throws {
        try #require(failure(base.file("shared")) == nil)
        TestProcess.setMode(base.file("shared"), 0o1777)
        #expect(failure(base.file("shared/own")) == nil)
        #expect(failure(base.file("shared"))?.contains("mode is 01777") == true)
        _ = try Directory.trusted(base.file("shared"), isShared: true)
    }

    @Test(.enabled(if: DirectoryTrustTests.isRoot))
    func `a directory of another user is refused, also in a sticky one and as a parent`() throws {
        TestProcess.setMode(base.path, 0o1777)
        try #require(failure(base.file("d.d/logs")) == nil)
        try #require(TestProcess.give(base.file("d.d/logs"), to: 4321))
        #expect(failure(base.file("d.d/logs"))?.contains("d.d/logs: uid 4321 owns it and its mode is 0700") == true)
        #expect(failure(base.file("d.d/logs/below"))?.contains("uid 4321 owns it") == true)
    }

    @Test func `a link in the place of a directory that is made is refused`() throws {
        try #require(failure(base.file("elsewhere")) == nil)
        try TestProcess.link(base.file("elsewhere"), at: base.file("logs"))
        #expect(failure(base.file("logs"))?.contains("\(base.file("logs")): it is a link") == true)
    }

    @Test func `a link of one's own in the path is followed`() throws {
        try #require(failure(base.file("elsewhere/below")) == nil)
        try TestProcess.link("./elsewhere", at: base.file("link"))
        #expect(failure(base.file("link/below")) == nil)
        #expect(failure(base.file("link"), creating: false) == nil)
        try TestProcess.link(base.file("round"), at: base.file("round"))
        #expect(failure(base.file("round/x")) != nil)
    }

    @Test(.enabled(if: DirectoryTrustTests.isRoot)) func `a link of another user is not followed`() throws {
        TestProcess.setMode(base.path, 0o1777)
        try #require(failure(base.file("elsewhere")) == nil)
        try TestProcess.link(base.file("elsewhere"), at: base.file("link"))
        try #require(TestProcess.give(base.file("link"), to: 4321))
        #expect(failure(base.file("link/below"))?.contains("link \(base.file("link")): uid 4321 made it") == true)
    }

    // MARK: Files

    private func openFault(_ name: String) throws -> String? {
        let directory = try Directory.trusted(base.path)
        do throws(SystemError) {
            _ = try directory.openForAppending(name)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `a file is made for its owner alone, and one that others can read is closed to them`() throws {
        #expect(try openFault("new") == nil)
        #expect(try File.mode(of: base.file("new")) == 0o600)
        try base.write("x", to: "old")
        TestProcess.setMode(base.file("old"), 0o644)
        #expect(try openFault("old") == nil)
        #expect(try File.mode(of: base.file("old")) == 0o600)
    }

    @Test func `what is not a plain file of ours is refused by what it is, and what it leads to stays`() async throws {
        try base.write("precious", to: "target")
        try TestProcess.link(base.file("target"), at: base.file("link"))
        TestProcess.addName(base.file("second"), to: base.file("target"))
        let make = ["sh", "-c", "mkfifo -m 600 $0/pipe && mkdir -m 750 $0/directory", base.path]
        #expect(try await onThread { try ChildProcess.spawn(make, newSession: false).wait() } == .exited(0))
        let own = "of uid \(ProcessInformation.uid) with mode"
        for (name, words) in [
            ("link", "a symbolic link \(own) 0777"), ("second", "a file with 2 names \(own) 0600"),
            ("pipe", "a named pipe (FIFO) \(own) 0600"), ("directory", "a directory \(own) 0750"),
        ] {
            let fault = try #require(try openFault(name))
            #expect(fault.hasPrefix("cannot trust file \(base.file(name)): it is \(words), but must be a regular file"))
        }
        #expect(try File.read(path: base.file("target"), limit: 100) == Array("precious".utf8))
    }

    @Test(.enabled(if: DirectoryTrustTests.isRoot)) func `a file of another user is refused`() throws {
        try base.write("x", to: "foreign")
        try #require(TestProcess.give(base.file("foreign"), to: 4321))
        #expect(try openFault("foreign")?.contains("a regular file of uid 4321 with mode 0600") == true)
    }

    @Test func `what keeps a directory from being made is told without making it`() throws {
        #expect(Directory.problem(creating: base.path) == nil)
        #expect(Directory.problem(creating: base.file("a/b/c")) == nil)
        // Names alone are in the current directory, which others may not change either.
        for path in ["no-such-directory", "no-such-directory/b"] where failure(".", creating: false) == nil {
            #expect(Directory.problem(creating: path) == nil)
        }
        #expect(try File.kind(of: base.file("a")) == .absent)
        try base.write("", to: "plain")
        #expect(Directory.problem(creating: base.file("plain"))?.description.contains(base.file("plain")) == true)
        #expect(Directory.problem(creating: base.file("plain/b"))?.description.contains(base.file("plain")) == true)
        try TestProcess.link(base.path, at: base.file("link"))
        #expect(Directory.problem(creating: base.file("link"))?.description.contains("it is a link") == true)
        TestProcess.setMode(base.path, 0o777)
        #expect(Directory.problem(creating: base.file("a"))?.description.contains("its mode is 0777") == true)
    }

    @Test func `a configuration that others can change is a risk`() throws {
        let path = try base.write("", to: "config.yaml")
        #expect(File.risk(of: path, as: "configuration") == nil)
        TestProcess.setMode(path, 0o666)
        let words = "\(path): uid \(ProcessInformation.uid) owns it and its mode is 0666"
        #expect(File.risk(of: path, as: "configuration")?.description.contains(words) == true)
        TestProcess.setMode(path, 0o600)
        TestProcess.setMode(base.path, 0o777)
        #expect(File.risk(of: path, as: "configuration")?.description.contains("mode is 0777") == true)
    }

    @Test(.enabled(if: DirectoryTrustTests.isRoot)) func `a configuration behind another user's link is a risk`() throws
    {
        let path = try base.write("", to: "config.yaml")
        let link = base.file("link.yaml")
        try TestProcess.link(path, at: link)
        #expect(File.risk(of: link, as: "configuration") == nil)
        try #require(TestProcess.give(link, to: 4321))
        #expect(File.risk(of: link, as: "configuration")?.description.contains("uid 4321 made it") == true)
    }

    @Test func `a log that was replaced by a link is read to its end, and what the link leads to is not read`() throws {
        let directory = try Directory.trusted(base.path)
        try directory.openForAppending("log").writeAll(Array("own".utf8))
        var log = try LogFile("log", in: directory, from: 0)
        let victim = try base.write("secret", to: "victim")
        try directory.remove("log")
        try TestProcess.link(victim, at: base.file("log"))
        var buffer = ByteBuffer()
        #expect(try log.read(atMost: 100, into: &buffer) == 3)
        #expect(try log.isFollowed(in: directory))
        #expect(throws: SystemError.self) { try log.advance(in: directory) }
        #expect(buffer.copied() == Array("own".utf8))
    }
}
