// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc
package import SystemIO
internal import TextKeys

/// A program that a test runs, with what it writes. It is killed with the last reference, when it has not ended by then.
package final class RunningProgram: Sendable {
    package let pid: Int32
    package let output: LineReader
    package let errors: LineReader
    private let process: ChildProcess
    private let status = AsyncSignal<ChildProcess.Status>()

    /// Starts a program, which has no input unless told.
    ///
    /// - Parameters:
    ///   - arguments: The program's path, or a name in `PATH`, and its arguments.
    ///   - environment: All of its environment.
    ///   - input: Its standard input.
    /// - Throws: When the program cannot be started.
    package init(
        _ arguments: [String], environment: [String: String] = RunningProgram.environment,
        input: ChildProcess.Stream = .null
    ) throws {
        let (output, outputEnd) = try UnixSocket.socketPair(nonBlocking: false).take()
        let (errors, errorsEnd) = try UnixSocket.socketPair(nonBlocking: false).take()
        process = try ChildProcess.spawn(
            arguments, environment: TextMap(environment.map { (key: $0.key, value: $0.value) }), newSession: true,
            input: input,
            output: .descriptor(outputEnd), error: .descriptor(errorsEnd))
        close(outputEnd)
        close(errorsEnd)
        pid = process.pid
        self.output = try LineReader(FileDescriptor(adopting: output))
        self.errors = try LineReader(FileDescriptor(adopting: errors))
    }

    deinit {
        guard status.value == nil else { return }
        try? process.signalGroup(.kill)
        _ = try? process.wait()
    }

    /// What a program of a test gets of this process's environment: nothing that configures the daemon.
    package static var environment: [String: String] {
        let handedOn = Environment.all.filter {
            ["PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH"].contains($0.key) || $0.key.hasSuffix("_OPTIONS")
        }
        return handedOn.reduce(into: [:]) { $0[$1.key] = $1.value }
    }

    /// Where the programs of this package are: beside the one that runs the tests.
    package static let directory: String = {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = unsafe readlink("/proc/self/exe", &path, path.count - 1)
        let text = String(decoding: path.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return String(text[..<(text.lastIndex(of: "/") ?? text.startIndex)])
    }()

    package func signal(_ signal: Signal) throws {
        try process.signal(signal)
    }

    /// Signals the program and what it has started. To be called before it is waited for.
    package func signalGroup(_ signal: Signal) throws {
        try process.signalGroup(signal)
    }

    /// Waits for the end of the program. To be called by one task at a time.
    @discardableResult
    package func wait() async throws -> ChildProcess.Status {
        if let known = status.value { return known }
        let ended = try await onThread { [self] in try process.wait() }
        status.send(ended)
        return ended
    }
}
