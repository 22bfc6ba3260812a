// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import Dispatch
import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite("ChildTree", .tags(.blocking), .timeLimit(.minutes(2)))
struct ChildTreeTests {
    /// Starts a shell script, in which `$OUTPUT` is a file, and waits until it has written the word `ready` there.
    private static func script(
        _ text: String, in directory: TemporaryDirectory, _ supervision: Supervision
    ) async throws -> (tree: ChildTree, output: () throws -> String) {
        let path = try directory.write("", to: "output")
        var program = TestTree.spec(["sh", "-c", text])
        program.environment["OUTPUT"] = path
        let tree = try await ChildTree.spawn(program, on: supervision)
        let output = { String(decoding: try File.read(path: path, limit: 1 << 20), as: UTF8.self) }
        while try !output().contains("ready"), tree.status == nil { await Task.yield() }
        return (tree, output)
    }

    @Test func `a command runs, and how it ended is known before it is reaped`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, output) = try await Self.script(
                "echo $BACKENDD_INSTANCE ready >\"$OUTPUT\"; exit 7", in: directory, supervision)
            #expect(await tree.exit() == .exited(7))
            #expect(try output().hasPrefix(supervision.helperPrefix))
            #expect(ProcessTable.entry(of: tree.pid)?.isZombie == true)
            await tree.clear()
            #expect(ProcessTable.entry(of: tree.pid) == nil)
            await tree.clear()
        }
    }

    @Test func `how a command ended is known although the loop is busy until it is reaped`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, _) = try await Self.script(
                "echo ready >\"$OUTPUT\"; while [ ! -e '\(directory.file("go"))' ]; do sleep 0.01; done; exit 3",
                in: directory, supervision)
            let loop = try supervision.loop()
            let isFree = DispatchSemaphore(value: 0)
            let isBusy = Announcement<Void>()
            loop.execute {
                isBusy.set(())
                isFree.wait()
            }
            await isBusy.value()
            _ = try directory.write("", to: "go")
            while ProcessTable.entry(of: tree.pid)?.isZombie == false { await Task.yield() }
            await tree.clear()
            #expect(tree.status == .exited(3))
            isFree.signal()
            await loop.run {}
            #expect(tree.status == .exited(3))
        }
    }

    @Test func `a command is cleared away with what left its session or its environment`() async throws {
        try await withSupervision { supervision, directory in
            let (tree, output) = try await Self.script(
                """
                trap '' TERM
                setsid sh -c 'trap "" TERM; echo own $$ >>"$OUTPUT"; while :; do sleep 1000; done' &
                (setsid sh -c 'trap "" TERM; echo orphan $$ >>"$OUTPUT"; while :; do sleep 1000; done' & ) &
                (env -i setsid sh -c 'echo bare $$ >>"'"$OUTPUT"'"; while :; do sleep 1000; done' & ) &
                while [ "$(grep -c . "$OUTPUT")" -lt 3 ]; do sleep 0.01; done
                echo ready >>"$OUTPUT"
                while :; do sleep 1000; done
                """, in: directory, supervision)
            await tree.clear()
            let pids = try output().split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
            #expect(pids.count == 3)
            for pid in pids { #expect(ProcessTable.entry(of: pid).map(\.isZombie) ?? true) }
        }
    }

    @Test(arguments: ["no-such-program-anywhere", "/no/such/program", "./nothing", ""])
    func `a command that is not there is named`(program: String) async throws {
        try await withSupervision { supervision, _ in
            let error = try await #require(throws: BackendError.self) {
                try await ChildTree.spawn(TestTree.spec([program]), on: supervision)
            }
            #expect(error.reason == .programNotFound)
            #expect(error.message.contains("instance a"))
        }
    }
}
