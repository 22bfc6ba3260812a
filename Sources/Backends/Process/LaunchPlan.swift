// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
package import TextKeys

/// A program to start as an instance, with everything it gets.
package struct LaunchPlan: Sendable {
    /// The instance's name.
    package var instance: String
    /// The program and its arguments, macros expanded.
    package var arguments: [String]
    /// All of its environment.
    package var environment: TextMap<String>
    /// Where it starts; nil: where the daemon is.
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

    /// The path of the program as the instance is started with it: searched in the `PATH` it gets, unless it has a slash. One that
    /// is relative counts from its working directory.
    func programPath() throws(BackendError) -> String {
        if let directory, let problem = Self.problem(ofDirectory: directory) {
            throw BackendError(
                .failedPrecondition, .fileUnusable,
                "cannot start instance \(instance): the working directory \(BackendName.quoted(directory)) \(problem);"
                    + " check working_directory",
                metadata: ["instance": instance, "path": directory])
        }
        for (tool, key) in limits.tools {
            guard case .failure(let problem) = search(tool) else { continue }
            throw refusal(tool, problem, ", which sets limits.\(key),", "install it, or leave limits.\(key) out")
        }
        switch search(arguments.first ?? "") {
        case .success(let path): return path
        case .failure(let problem): throw refusal(arguments.first ?? "", problem, "", "check command and env")
        }
    }

    private func refusal(
        _ program: String, _ problem: ProgramProblem, _ purpose: String, _ advice: String
    ) -> BackendError {
        BackendError(
            .failedPrecondition, problem.reason,
            "cannot start instance \(instance): the program \(BackendName.quoted(program))\(purpose) \(problem.words);"
                + " \(advice)",
            metadata: ["instance": instance, "program": program])
    }

    /// The bytes of its arguments and variables.
    var length: Int {
        arguments.reduce(0) { $0 + $1.utf8.count + 1 }
            + environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 }
    }

    /// What keeps the program from being started, as the end of a sentence about it.
    var programProblem: String? {
        guard case .failure(let problem) = search(arguments.first ?? "") else { return nil }
        return problem.words
    }

    /// What keeps a program from being started in a directory, as the end of a sentence about that.
    static func problem(ofDirectory path: String) -> String? {
        do throws(SystemError) {
            guard try FileStatus(at: path).kind == .directory else { return "is not a directory" }
        } catch {
            return ProgramProblem.words(for: error, at: path)
        }
        // Only one that may be searched has itself in it.
        guard (try? FileStatus(at: path + "/.")) != nil else {
            return "cannot be entered by the daemon's user; see its permissions"
        }
        return nil
    }

    private func search(_ program: String) -> Result<String, ProgramProblem> {
        guard !program.isEmpty else {
            return .failure(ProgramProblem(words: "has no name: the command is empty"))
        }
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return ProgramFile(directory: directory, searchPath: path).path(of: program)
    }
}
