// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc
package import SystemIO
internal import TextKeys

/// A program that a test runs, with its output. It is killed with the last reference if it has not ended by then.
package final class RunningProgram: Sendable {
    package let pid: Int32
    package let output: LineReader
    package let errors: LineReader
    private let process: ChildProcess
    private let status = AsyncSignal<ChildProcess.Status>()

    /// Starts a program, by default without input.
    ///
    /// - Parameters:
    ///   - arguments: The program's path, or a name in `PATH`, and its arguments.
    ///   - environment: All of its environment.
    ///   - input: Its standard input.
    /// - Throws: If the program cannot be started.
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

    /// The environment of a test's program: that of this process without the variables that configure the daemon, which keeps no state.
    package static var environment: [String: String] {
        let handedOn = Environment.all.filter {
            ["PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH"].contains($0.key) || $0.key.hasSuffix("_OPTIONS")
        }
        return handedOn.reduce(into: ["BACKENDD_STATE_DIRECTORY": "none"]) { $0[$1.key] = $1.value }
    }

    /// The directory of this package's programs: beside the program that runs the tests.
    package static let directory: String = {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = unsafe readlink("/proc/self/exe", &path, path.count - 1)
        let text = String(decoding: path.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return String(text[..<(text.lastIndex(of: "/") ?? text.startIndex)])
    }()

    package func signal(_ signal: Signal) throws {
        try process.signal(signal)
    }

    /// Signals the program and its descendants. Call before `wait`.
    package func signalGroup(_ signal: Signal) throws {
        try process.signalGroup(signal)
    }

    /// Waits for the end of the program. Call from one task at a time.
    @discardableResult
    package func wait() async throws -> ChildProcess.Status {
        if let known = status.value { return known }
        let ended = try await onThread { [self] in try process.wait() }
        status.send(ended)
        return ended
    }
}

/// The sanitizer of this build, as set by `tools/test`.
package enum Sanitizer {
    /// Whether a sanitizer is on, which reserves a large address space.
    package static var isOn: Bool { Environment.get("BACKENDD_TEST_SANITIZER") != nil }

    /// Whether allocations are tracked: what a test leaves behind on purpose is a leak, and freed memory is kept for a while.
    package static var countsMemory: Bool { Environment.get("BACKENDD_TEST_SANITIZER") == "address" }
}
