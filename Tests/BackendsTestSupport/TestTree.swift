// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
internal import SystemIO
package import TestSupport
internal import TextKeys

/// A program that a test runs as an instance, below a shim.
package struct TestTree: Sendable {
    package let tree: any ProcessTree
    /// What the next daemon was told of it first.
    package let note: InstanceNote
    private let directory: TemporaryDirectory

    /// What the instance is called.
    package static let instance = "a"

    package static func spec(_ arguments: [String], limits: ProcessLimits = ProcessLimits()) -> ProgramSpec {
        ProgramSpec(
            instance: instance, arguments: arguments, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin"],
            limits: limits)
    }

    package static func launch(
        _ program: ProgramSpec, in directory: TemporaryDirectory, size: Int64 = 8 << 20, files: Int = 2,
        onDaemonExit: DaemonExitPolicy = .adopt, logChanged: @escaping @Sendable (LogLoss?) -> Void = { _ in }
    ) -> TreeLaunch {
        var note = InstanceNote(
            backend: "a", instance: program.instance, model: nil, address: "", startTime: SystemBackendClock().now())
        note.onDaemonExit = onDaemonExit
        return TreeLaunch(
            program: program, note: note, logDirectory: directory.file("logs"),
            output: LogRotation(name: "\(program.instance).stdout.log", size: size, files: files),
            error: LogRotation(name: "\(program.instance).stderr.log", size: size, files: files),
            logChanged: logChanged)
    }

    package init(_ launch: TreeLaunch, in directory: TemporaryDirectory, _ supervision: Supervision) async throws {
        _ = try Directory.trusted(supervision.logDirectory, creating: true)
        guard let host = supervision.host else { throw NoHost() }
        note = launch.note
        tree = try await host.spawn(launch, on: supervision)
        self.directory = directory
    }

    /// Starts a shell script, and waits until it has written the word `ready`, or has ended.
    package static func script(
        _ text: String, in directory: TemporaryDirectory, _ supervision: Supervision,
        limits: ProcessLimits = ProcessLimits(), onDaemonExit: DaemonExitPolicy = .adopt
    ) async throws -> TestTree {
        let made = try await TestTree(
            launch(spec(["sh", "-c", text], limits: limits), in: directory, onDaemonExit: onDaemonExit), in: directory,
            supervision)
        let end = Announcement<Void>()
        let waiting = Task {
            _ = await made.tree.exit()
            end.set(())
        }
        while try !made.output().contains("ready"), end.current == nil { await Task.yield() }
        waiting.cancel()
        return made
    }

    /// What it has written to standard output.
    package func output() throws -> String {
        String(
            decoding: try File.read(path: directory.file("logs/\(Self.instance).stdout.log"), limit: 1 << 20),
            as: UTF8.self)
    }

    private struct NoHost: Error {}
}
