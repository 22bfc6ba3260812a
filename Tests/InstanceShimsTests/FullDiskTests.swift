// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import InstanceShims
import SocketRPC
import SystemIO
import TestSupport
import Testing

/// What becomes of an instance whose disk is full.
@Suite(.tags(.blocking), .timeLimit(.minutes(2)), .enabled { await SmallDisk.isPossible() })
struct FullDiskTests {
    /// The losses of output that a test was told of, in order; nil: output is kept again.
    private final class Losses: Sendable {
        private let all = Guarded<[LogLoss?]>([])

        func add(_ loss: LogLoss?) { all.withLock { $0.append(loss) } }

        /// Waits until output is dropped, or until it is kept again.
        func wait(isDropping: Bool) async {
            while all.withLock({ $0.last.map { ($0?.cause != nil) == isDropping } }) != true { await Task.yield() }
        }

        var causes: Set<Int32> { Set(all.withLock { $0.compactMap { $0?.cause?.code } }) }
    }

    private static let noSpace: Int32 = 28

    private static func wait(for file: String) async throws {
        while try File.kind(of: file) == .absent { await Task.yield() }
    }

    private static func start(
        _ script: String, _ losses: Losses, size: Int64 = 8 << 20, files: Int = 2, in directory: TemporaryDirectory,
        _ supervision: Supervision
    ) async throws -> any ProcessTree {
        let launch = TestTree.launch(
            TestTree.spec(["sh", "-c", script]), in: directory, size: size, files: files, logChanged: losses.add)
        return try await TestTree(launch, in: directory, supervision).tree
    }

    private static func text(of name: String, in directory: TemporaryDirectory) throws -> String {
        String(decoding: try File.read(path: directory.file("logs/\(name)"), limit: 1 << 20), as: UTF8.self)
    }

    @Test func `a program goes on when there is no room for its output, and the files tell how much is missing`()
        async throws
    {
        try await withSupervision { supervision, directory in
            let (logs, losses) = (directory.file("logs"), Losses())
            try await SmallDisk.with(logs, kilobytes: 64) {
                try directory.write(String(repeating: "x", count: 48 << 10), to: "logs/filler")
                // More than there is room for, and less than there is without the filler: then what is still in the pipe is kept.
                let script = """
                    yes 123456789 | head -c 40000; touch \(directory.file("written"))
                    until [ -e \(directory.file("go")) ]; do sleep 0.01; done; echo after; exit 3
                    """
                let tree = try await Self.start(script, losses, in: directory, supervision)
                try await Self.wait(for: directory.file("written"))
                await losses.wait(isDropping: true)
                #expect(losses.causes == [Self.noSpace])
                try File.remove(directory.file("logs/filler"))
                await losses.wait(isDropping: false)
                try directory.write("", to: "go")
                #expect(await tree.exit() == .exited(3))
                await tree.clear()
                let text = try Self.text(of: "a.stdout.log", in: directory)
                #expect(text.hasSuffix("after\n"))
                let marker = /backendd: ([0-9]+) bytes of output were lost: No space left on device\n/
                let lost = text.matches(of: marker).compactMap { Int($0.1) }.reduce(0, +)
                // What was read after there was room again is kept behind the marker.
                let kept = text.replacing(marker, with: "").utf8.count - "after\n".utf8.count
                #expect(lost > 0)
                // The marker begins a line of its own.
                #expect(kept + lost == 40_000 || kept + lost == 40_001, "\(kept) kept, \(lost) lost")
            }
        }
    }

    @Test func `without room for another file, the newest one is emptied and no output waits`() async throws {
        try await withSupervision { supervision, directory in
            let losses = Losses()
            // The directory, two files of output and one more.
            try await SmallDisk.with(directory.file("logs"), kilobytes: 1024, files: 4) {
                try directory.write("", to: "logs/filler")
                let script = """
                    yes 123456789 | head -c 256000; echo end; touch \(directory.file("written"))
                    until [ -e \(directory.file("go")) ]; do sleep 0.01; done
                    echo dropped; until [ -e \(directory.file("on")) ]; do sleep 0.01; done; echo after; exit 3
                    """
                let tree = try await Self.start(
                    script, losses, size: 4096, files: 3, in: directory, supervision)
                try await Self.wait(for: directory.file("written"))
                while try !Self.text(of: "a.stdout.log", in: directory).hasSuffix("end\n") { await Task.yield() }
                #expect(losses.causes.isEmpty)
                // The newest file has another name, and there cannot be a new one.
                try Directory(path: directory.file("logs")).rename("a.stdout.log", to: "kept")
                try directory.write("", to: "go")
                await losses.wait(isDropping: true)
                #expect(losses.causes == [Self.noSpace])
                try File.remove(directory.file("logs/filler"))
                await losses.wait(isDropping: false)
                try directory.write("", to: "on")
                #expect(await tree.exit() == .exited(3))
                await tree.clear()
                #expect(
                    try Self.text(of: "a.stdout.log", in: directory)
                        == "backendd: 8 bytes of output were lost: No space left on device\nafter\n")
            }
        }
    }

    @Test func `a note that could not be written is written once there is room`() async throws {
        try await withSupervision { supervision, directory in
            try await SmallDisk.with(directory.file("instances"), kilobytes: 128) {
                let made = try await TestTree.script("echo ready; exec sleep 1000", in: directory, supervision)
                let run = try #require(try Directory(path: directory.file("instances")).names().first)
                func note() throws -> ShimIntent {
                    try ShimIntent(decoding: File.read(path: directory.file("instances/\(run)/intent"), limit: 65_536))
                }
                var (fillers, next): ([String], InstanceNote) = ([], made.note)
                func fill() {
                    for size in [4096, 1] {
                        while fillers.count < 64 {
                            let name = "instances/filler-\(fillers.count)"
                            let filler = String(repeating: "x", count: size)
                            guard (try? directory.write(filler, to: name)) != nil else { break }
                            fillers.append(name)
                        }
                    }
                }
                // The shim replaces records of its own, which may make room.
                repeat {
                    fill()
                    next.restarts += 1
                    await made.tree.note(next)
                } while try note().restarts == next.restarts
                for filler in fillers { try File.remove(directory.file(filler)) }
                while try note().restarts != next.restarts { await Task.yield() }
                await made.tree.clear()
            }
        }
    }

    @Test func `how a program ended is recorded although the disk of its run is full`() async throws {
        try await withSupervision { supervision, directory in
            try await SmallDisk.with(directory.file("instances"), kilobytes: 128) {
                let script = "echo ready; until [ -e \(directory.file("go")) ]; do sleep 0.01; done; exit 3"
                let made = try await TestTree.script(script, in: directory, supervision)
                for size in [4096, 1] {
                    for number in 0..<32 {
                        guard
                            (try? directory.write(
                                String(repeating: "x", count: size), to: "instances/filler-\(size)-\(number)")) != nil
                        else { break }
                    }
                }
                try directory.write("", to: "go")
                #expect(await made.tree.exit() == .exited(3))
                await made.tree.clear()
                #expect(ProcessTable.entry(of: made.tree.pid) == nil)
            }
        }
    }
}
