// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// The `backendd` of this build, on a socket of its own, ready to serve.
package struct RunningDaemon: Sendable {
    package struct DidNotListen: Error, CustomStringConvertible {
        package let description: String
    }

    package let program: RunningProgram
    package let directory: TemporaryDirectory
    package let path: String

    package static var executable: String { RunningProgram.directory + "/backendd" }

    package var pid: Int32 { program.pid }
    package var errors: LineReader { program.errors }

    /// Starts the daemon and waits until it logs that it listens.
    ///
    /// - Parameters:
    ///   - configuration: The text of the configuration file, which is empty by default.
    ///   - arguments: More arguments; not a `--log-level` above info, which would hide that line.
    ///   - environment: More variables.
    ///   - directory: The directory for its socket `s` and its configuration.
    /// - Returns: The running daemon.
    /// - Throws: If it ends before it serves.
    package static func start(
        configuration: String = "", arguments: [String] = [], environment: [String: String] = [:],
        in directory: TemporaryDirectory? = nil
    ) async throws -> RunningDaemon {
        let directory = try directory ?? TemporaryDirectory()
        let path = directory.file("s")
        let file = try directory.write(configuration, to: "config.yaml")
        let variables = RunningProgram.environment.merging(environment) { _, new in new }
        let program = try RunningProgram(
            [executable, "--socket", path, "--config", file] + arguments, environment: variables)
        let daemon = RunningDaemon(program: program, directory: directory, path: path)
        guard await program.errors.line(where: { $0.contains("listening") }) != nil else {
            throw DidNotListen(description: program.errors.lines.joined(separator: "\n"))
        }
        return daemon
    }

    /// Asks the daemon to end, and waits until it has.
    @discardableResult
    package func stop() async throws -> ChildProcess.Status {
        try program.signal(.terminate)
        return try await program.wait()
    }
}
