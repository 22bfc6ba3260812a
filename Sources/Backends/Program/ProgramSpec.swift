// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
package import TextKeys

/// A program to start, with everything it is given.
package struct ProgramSpec: Sendable {
    /// The name of the instance, for messages.
    package var instance: String
    /// The program and its arguments, with macros expanded.
    package var arguments: [String]
    /// The whole environment.
    package var environment: TextMap<String>
    /// The working directory; nil means the daemon's.
    package var directory: String?
    package var limits: ProcessLimits

    package init(
        instance: String, arguments: [String], environment: TextMap<String>, directory: String? = nil,
        limits: ProcessLimits = ProcessLimits()
    ) {
        self.instance = instance
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.limits = limits
    }

    /// The path of the program: searched in the `PATH` of its environment, unless it contains a slash. A relative path counts from the
    /// working directory.
    ///
    /// - Throws: Why the program cannot be started.
    package func programPath() throws(BackendError) -> String {
        if let directory, let problem = Self.problem(ofDirectory: directory) {
            throw BackendError(
                .failedPrecondition, .fileUnusable,
                "cannot start instance \(instance): the working directory \(BackendName.quoted(directory)) \(problem);"
                    + " check working_directory",
                metadata: ["instance": instance, "path": directory])
        }
        switch search(arguments.first ?? "") {
        case .success(let path): return path
        case .failure(let problem): throw refusal(arguments.first ?? "", problem)
        }
    }

    private func refusal(_ program: String, _ problem: ProgramProblem) -> BackendError {
        BackendError(
            .failedPrecondition, problem.reason,
            "cannot start instance \(instance): the program \(BackendName.quoted(program)) \(problem.problem);"
                + " check command and env",
            metadata: ["instance": instance, "program": program])
    }

    /// The bytes of the arguments and variables.
    var length: Int {
        arguments.reduce(0) { $0 + $1.utf8.count + 1 }
            + environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 }
    }

    /// Why the program cannot be started, as the end of a sentence about it; nil when it can.
    var programProblem: Problem? {
        guard case .failure(let problem) = search(arguments.first ?? "") else { return nil }
        return problem.problem
    }

    /// Why another user could change the program, as the end of a sentence about it; nil when only the daemon's user and root can.
    var programRisk: Problem? {
        guard case .success(let path) = search(arguments.first ?? "") else { return nil }
        return File.risk(of: path, as: "program").map { Problem("\($0)") }
    }

    /// Why a program cannot be started in a directory, as the end of a sentence about the directory; nil when it can.
    static func problem(ofDirectory path: String) -> Problem? {
        do throws(SystemError) {
            guard try FileStatus(at: path).kind == .directory else { return Problem("is not a directory") }
        } catch {
            return Problem(of: error, at: path)
        }
        // A directory without search permission shows no entry, not even itself.
        guard (try? FileStatus(at: path + "/.")) != nil else {
            return Problem("cannot be entered by the daemon's user; check its permissions")
        }
        return nil
    }

    private func search(_ program: String) -> Result<String, ProgramProblem> {
        guard !program.isEmpty else {
            return .failure(ProgramProblem("has no name: the command is empty"))
        }
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return ProgramFile(directory: directory, searchPath: path).path(of: program)
    }
}
