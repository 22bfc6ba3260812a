// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing
internal import TextKeys

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ChildProcessTests {
    @Test(arguments: [
        ("exit 0", ChildProcess.Status.exited(0)), ("exit 7", .exited(7)), ("kill -9 $$", .signaled(.kill)),
    ])
    func `the status is how the child ended`(script: String, status: ChildProcess.Status) async throws {
        let seen = try await onThread {
            try ChildProcess.spawn(["sh", "-c", script], newSession: false).wait()
        }
        #expect(seen == status)
    }

    @Test func `a status is shown as a shell shows it`() {
        #expect(ChildProcess.Status.exited(7).shellCode == 7)
        #expect(ChildProcess.Status.signaled(.terminate).shellCode == 143)
    }

    @Test func `a program that is not there is an error that names it`() {
        let error = #expect(throws: SystemError.self) {
            _ = try ChildProcess.spawn(["/nowhere/program"], newSession: false)
        }
        #expect(error?.description == "cannot start /nowhere/program: No such file or directory")
    }

    @Test(arguments: [[], ["sh", "a\0b"]])
    func `arguments that cannot be given are refused`(arguments: [String]) {
        #expect(throws: SystemError.self) { _ = try ChildProcess.spawn(arguments, newSession: false) }
    }

    @Test func `the child gets the environment and the directory it is given`() async throws {
        let directory = try TemporaryDirectory()
        let text = try await output(
            of: "echo \"$NAME $(pwd -P) $HOME\"", environment: ["NAME": "a b", "PATH": "/usr/bin:/bin"],
            directory: directory.path)
        #expect(text == "a b \(directory.path) \n")
    }

    @Test func `variables whose names Unicode calls equivalent are two`() async throws {
        let names: TextMap<String> = ["caf\u{E9}": "1", "cafe\u{301}": "2", "PATH": "/usr/bin:/bin"]
        let (peer, number) = try RawPeer.pair()
        try await onThread {
            let output = FileDescriptor(adopting: number)
            // No shell, which may leave out names that are not its own.
            let child = try ChildProcess.spawn(
                ["env"], environment: names, newSession: false, input: .null, output: .descriptor(output.rawValue))
            #expect(try child.wait() == .exited(0))
        }
        let lines = String(decoding: try await peer.receiveToEnd(), as: UTF8.self).split(separator: "\n")
        #expect(Set(lines.map { TextKey(String($0)) }).isSuperset(of: ["caf\u{E9}=1", "cafe\u{301}=2"]))
    }

    @Test func `a child joins its control group by itself, before it runs`() async throws {
        let directory = try TemporaryDirectory()
        let group = try #require(Cgroup(name: "g", below: directory.path))
        @Sendable func spawn() throws(SystemError) -> ChildProcess.Status {
            try ChildProcess.spawn(["true"], group: group, newSession: false, input: .null).wait()
        }
        // There is no such file outside of the hierarchy of groups, and the program is not to run elsewhere.
        let error = #expect(throws: SystemError.self) { _ = try spawn() }
        #expect(error?.description == "cannot join control group \(directory.path)/g: No such file or directory")
        let members = try directory.write("", to: "g/cgroup.procs")
        #expect(try await onThread { try spawn() } == .exited(0))
        #expect(try File.read(path: members, limit: 16) == Array("0".utf8))
    }

    @Test(.enabled(if: Cgroup.base != nil, "this host lets no one make control groups"))
    func `a child begins in its control group, and tells why its program cannot be run`() async throws {
        let name = "child-\(ProcessInformation.pid)"
        let group = try #require(Cgroup(name: name))
        let (peer, number) = try RawPeer.pair()
        try await onThread {
            let output = FileDescriptor(adopting: number)
            let child = try ChildProcess.spawn(
                ["cat", "/proc/self/cgroup"], group: group, newSession: false, input: .null,
                output: .descriptor(output.rawValue))
            #expect(try child.wait() == .exited(0))
        }
        #expect(String(decoding: try await peer.receiveToEnd(), as: UTF8.self).contains("/\(name)\n"))
        let error = #expect(throws: SystemError.self) {
            _ = try ChildProcess.spawn(["/missing/program"], group: group, newSession: false, input: .null)
        }
        #expect(error?.description == "cannot start /missing/program: No such file or directory")
        #expect(group.members == [])
    }

    @Test func `empty control groups of processes that have ended are removed, and no others`() throws {
        let directory = try TemporaryDirectory()
        let base = try Directory(path: directory.path)
        let ended = try ChildProcess.spawn(["true"], newSession: false, input: .null)
        _ = try ended.wait()
        let names = [
            "g-\(ended.pid)-full", "g-\(ended.pid)", "g-\(ProcessInformation.pid)-a", "g-a", "g-", "h-\(ended.pid)-a",
        ]
        for name in names + ["g-\(ended.pid)-a"] { try base.makeDirectory(name, mode: 0o700) }
        try directory.write("", to: "g-\(ended.pid)-full/file")
        Cgroup.removeAbandoned("g-", below: directory.path)
        #expect(Set(try base.names()) == Set(names).subtracting(["g-\(ended.pid)"]))
    }

    @Test func `without an environment the child gets ours`() async throws {
        #expect(try await output(of: "echo \"$PATH\"") == (Environment.get("PATH") ?? "") + "\n")
    }

    @Test func `the child has its first three descriptors and no others`() async throws {
        let pair = try UnixSocket.socketPair()
        // The shell's own expansion opens nothing that stays.
        let text = try await output(of: "for f in /proc/$$/fd/*; do echo \"${f##*/}\"; done")
        #expect(text.split(separator: "\n").prefix(3) == ["0", "1", "2"])
        #expect(!text.split(separator: "\n").contains("\(pair.first.rawValue)"))
        _ = consume pair
    }

    @Test func `a child of a loop's thread takes signals`() async throws {
        try await withEventLoop { loop in
            let (peer, number) = try RawPeer.pair()
            try await loop.run { () throws(SystemError) in
                let output = FileDescriptor(adopting: number)
                let child = try ChildProcess.spawn(
                    ["grep", "SigBlk", "/proc/self/status"], newSession: false, input: .null,
                    output: .descriptor(output.rawValue))
                _ = try child.wait()
            }
            let text = String(decoding: try await peer.receiveToEnd(), as: UTF8.self)
            #expect(text == "SigBlk:\t0000000000000000\n")
        }
    }

    @Test(arguments: [true, false])
    func `a new session is the child's own`(newSession: Bool) async throws {
        // The sixth field of its line in /proc is its session, the first its number.
        let text = try await output(
            of: "read -r p c s pp g session rest </proc/$$/stat; echo $p $session",
            newSession: newSession)
        let fields = text.split(whereSeparator: \.isWhitespace)
        #expect((fields[0] == fields[1]) == newSession)
    }

    @Test func `a child that runs is not reaped, and ends by a signal`() async throws {
        try await onThread {
            let child = try ChildProcess.spawn(["sleep", "1000"], newSession: false)
            #expect(try child.poll() == nil)
            try child.signal(.terminate)
            #expect(try child.wait() == .signaled(.terminate))
            try child.signal(.terminate)
        }
    }

    @Test func `a signal to the group reaches the child's children`() async throws {
        let (peer, number) = try RawPeer.pair()
        try await onThread {
            let output = FileDescriptor(adopting: number)
            let child = try ChildProcess.spawn(
                ["sh", "-c", "sleep 1000 & echo; wait"], newSession: true, input: .null,
                output: .descriptor(output.rawValue))
            _ = consume output
            #expect(try Self.firstByte(of: peer) == "\n")
            try child.signalGroup(.kill)
            #expect(try child.wait() == .signaled(.kill))
        }
        // The end comes when no process has the other end any more.
        #expect(try await peer.receiveToEnd().isEmpty)
    }

    private static func firstByte(of peer: RawPeer) throws -> String {
        String(decoding: try peer.receiveBlocking(1), as: UTF8.self)
    }

    @Test func `a watched child is told of, and reaped after`() async throws {
        try await withEventLoop { loop in
            let status = AsyncSignal<ChildProcess.Status?>()
            try await loop.run { () throws(SystemError) in
                let box = ChildBox(try ChildProcess.spawn(["sh", "-c", "exit 3"], newSession: false))
                box.watch = try box.child.watch(on: loop) { status.send(try? box.child.poll()) }
            }
            #expect(await status.wait() == .exited(3))
        }
    }

    private final class ChildBox {
        let child: ChildProcess
        var watch: ProcessWatch?

        init(_ child: consuming ChildProcess) {
            self.child = child
        }
    }

    private func output(
        of script: String, environment: TextMap<String>? = nil, directory: String? = nil, newSession: Bool = false
    ) async throws -> String {
        let (peer, number) = try RawPeer.pair()
        async let bytes = peer.receiveToEnd()
        let status = try await onThread {
            let output = FileDescriptor(adopting: number)
            let child = try ChildProcess.spawn(
                ["/bin/sh", "-c", script], environment: environment, directory: directory, newSession: newSession,
                input: .null, output: .descriptor(output.rawValue))
            return try child.wait()
        }
        #expect(status == .exited(0))
        return String(decoding: try await bytes, as: UTF8.self)
    }
}
