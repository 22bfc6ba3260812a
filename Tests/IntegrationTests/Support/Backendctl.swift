// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import ConfigDocument
import SystemIO
import TestSupport
import Testing

/// How one run of `backendctl` ended.
struct CommandRun: Sendable {
    /// The status as a shell shows it.
    let status: Int32
    let output: String
    let error: String

    /// The JSON it wrote.
    var json: ConfigValue {
        get throws { try ConfigText.parse(Array(output.utf8), name: "output").root }
    }
}

/// A daemon and the command line that talks to it.
struct Backendctl: Sendable {
    let daemon: RunningDaemon

    /// That of another build if `BACKENDD_TEST_COMMANDS` names its directory: with the thread sanitizer, each start of a program takes a
    /// third of a second.
    static let executable = (Environment.get("BACKENDD_TEST_COMMANDS") ?? RunningProgram.directory) + "/backendctl"

    /// Runs a command to its end.
    func callAsFunction(
        _ arguments: String..., environment: [String: String] = [:], input: String? = nil
    ) async throws -> CommandRun {
        try await Self.run(
            arguments, environment: environment.merging(["BACKENDD_SOCKET": daemon.path]) { own, _ in own },
            input: input)
    }

    /// Runs a command and expects one line on standard error and an exit status.
    func expectError(
        _ arguments: String..., status: Int32, prefix: String, environment: [String: String] = [:],
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws {
        let run = try await Self.run(
            arguments, environment: environment.merging(["BACKENDD_SOCKET": daemon.path]) { own, _ in own })
        #expect(run.status == status, sourceLocation: sourceLocation)
        #expect(run.error.hasPrefix("backendctl: \(prefix)"), "\(run.error)", sourceLocation: sourceLocation)
        #expect(run.error.filter { $0 == "\n" }.count == 1, sourceLocation: sourceLocation)
        #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    }

    /// Starts a command that keeps running.
    func start(_ arguments: String...) throws -> RunningProgram {
        try RunningProgram(
            [Self.executable] + arguments,
            environment: RunningProgram.environment.merging(["BACKENDD_SOCKET": daemon.path]) { own, _ in own })
    }

    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String? = nil
    ) async throws -> CommandRun {
        let directory = try TemporaryDirectory()
        let path = try input.map { try directory.write($0, to: "in") } ?? "/dev/null"
        let file = FileDescriptor(adopting: try TestProcess.openForReading(path))
        let program = try RunningProgram(
            [executable] + arguments,
            environment: RunningProgram.environment.merging(environment) { _, new in new },
            input: .descriptor(file.rawValue))
        withExtendedLifetime(file) {}
        let status = try await program.wait()
        let (output, errors) = (await program.output.all(), await program.errors.all())
        return CommandRun(
            status: status.shellCode, output: output.map { $0 + "\n" }.joined(),
            error: errors.map { $0 + "\n" }.joined())
    }
}

/// Runs a test with a daemon of its own and the command line for it.
func withBackendctl(
    configuration: String = "", _ body: @Sendable (Backendctl) async throws -> Void
) async throws {
    let daemon = try await RunningDaemon.start(configuration: configuration)
    try await body(Backendctl(daemon: daemon))
    #expect(try await daemon.stop() == .exited(0))
}
