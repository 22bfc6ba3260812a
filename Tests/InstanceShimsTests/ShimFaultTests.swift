// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import InstanceShims
import SocketRPC
import SystemIO
import TestSupport
import Testing
import TextKeys

/// What becomes of a run when something that it needs is missing or wrong.
@Suite(.tags(.blocking), .timeLimit(.minutes(2))) struct ShimFaultTests {
    private static func isAlive(_ pid: Int32) -> Bool { ProcessTable.entry(of: pid).map { !$0.isZombie } ?? false }

    private static func waitUntilGone(_ pid: Int32) async {
        while isAlive(pid) { await Task.yield() }
    }

    @Test func `a shim whose directory is removed ends its tree`() async throws {
        try await withSupervision(directoryCheck: .milliseconds(10)) { supervision, directory in
            let made = try await TestTree.script(
                "(env -i setsid sleep 1000 &); echo ready; exec sleep 1000", in: directory, supervision)
            let members = try #require(made.tree.members())
            #expect(members.count == 2)
            let runs = try Directory(path: directory.file("instances"))
            for name in try runs.names() {
                try Directory(path: runs.path + "/" + name).removeContents()
                try runs.remove(name, isDirectory: true)
            }
            for member in members { await Self.waitUntilGone(member.pid) }
            await made.tree.clear()
        }
    }

    @Test(arguments: [3, 4]) func `a program gets the lowest limit of descriptors, and its shim does not`(limit: Int64)
        async throws
    {
        try await withSupervision { supervision, directory in
            let made = try await TestTree.script(
                "ulimit -n; echo ready; exit 5", in: directory, supervision,
                limits: ProcessLimits(resources: ["nofile": limit]))
            let status = await made.tree.exit()
            await made.tree.clear()
            if limit == 3 {
                // No room for the libraries of the shell.
                #expect(status == .exited(127))
                let text = try File.read(path: directory.file("logs/a.stderr.log"), limit: 4096)
                #expect(String(decoding: text, as: UTF8.self).contains("error while loading shared libraries"))
            } else {
                #expect(status == .exited(5))
                #expect(try made.output() == "4\nready\n")
            }
        }
    }

    @Test func `a forged end ends the run, and no other process`() async throws {
        try await withSupervision { supervision, directory in
            let bystander = try RunningProgram(["sleep", "1000"])
            let made = try await TestTree.script(
                "(env -i setsid sleep 1000 &); echo ready; exec sleep 1000", in: directory, supervision)
            let members = try #require(made.tree.members())
            let runs = try Directory(path: directory.file("instances"))
            let run = try Directory(path: runs.path + "/" + #require(runs.names().first))
            try run.replace("exit", by: ShimExit(version: 1, kind: .code(9), cleared: true).encoded())
            #expect(await made.tree.exit() == .exited(9))
            await made.tree.clear()
            for member in members { #expect(!Self.isAlive(member.pid)) }
            #expect(Self.isAlive(bystander.pid))
            try bystander.signal(.kill)
            _ = try await bystander.wait()
        }
    }

    @Test func `a program that ends at once has run`() async throws {
        try await withSupervision { supervision, directory in
            for _ in 0..<20 {
                let tree = try await TestTree(
                    TestTree.launch(TestTree.spec(["false"]), in: directory), in: directory, supervision
                ).tree
                #expect(await tree.exit() == .exited(1))
                await tree.clear()
                await tree.forget()
            }
        }
    }
}
