// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A program to start as an instance, with everything it gets.
package struct LaunchPlan: Sendable {
    /// The instance's name.
    package var instance: String
    /// The program and its arguments, macros expanded.
    package var arguments: [String]
    /// All of its environment.
    package var environment: [String: String]
    /// Where it starts; nil: where the daemon is.
    package var directory: String?
    package var limits: ProcessLimits

    package init(
        instance: String, arguments: [String], environment: [String: String], directory: String? = nil,
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
        switch search() {
        case .success(let path): return path
        case .failure(let problem):
            let program = arguments.first ?? ""
            throw BackendError(
                .failedPrecondition, .programNotFound,
                "cannot start instance \(instance): the program \(BackendName.quoted(program)) \(problem.words);"
                    + " check command and env",
                metadata: ["instance": instance, "program": program])
        }
    }

    /// What keeps the program from being started, as the end of a sentence about it.
    var programProblem: String? {
        guard case .failure(let problem) = search() else { return nil }
        return problem.words
    }

    /// What keeps a program from being started in a directory, as the end of a sentence about that.
    static func problem(ofDirectory path: String) -> String? {
        do throws(SystemError) {
            // A link leads to the directory that it means.
            switch try File.kind(of: path + "/.") {
            case .directory: return nil
            case .absent: return "does not exist"
            case .socket, .regular, .link, .pipe, .other: return "is not a directory"
            }
        } catch {
            return "cannot be entered: \(error)"
        }
    }
}

// MARK: Looking for the program

extension LaunchPlan {
    private struct Problem: Error {
        let words: String
    }

    private func search() -> Result<String, Problem> {
        guard let program = arguments.first, !program.isEmpty else {
            return .failure(Problem(words: "has no name: the command is empty"))
        }
        if program.contains("/") {
            let path = program.hasPrefix("/") || directory == nil ? program : "\(directory ?? "")/\(program)"
            if let words = Self.problem(ofProgram: path) { return .failure(Problem(words: words)) }
            return .success(program)
        }
        for place in (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
            let path = "\(place)/\(program)"
            guard File.isExecutable(path) else { continue }
            if let words = Self.problem(ofProgram: path) { return .failure(Problem(words: words)) }
            return .success(path)
        }
        return .failure(Problem(words: "is in no directory of the PATH it would get"))
    }

    private static func problem(ofProgram path: String) -> String? {
        guard File.isExecutable(path) else {
            do throws(SystemError) {
                switch try File.kind(of: path) {
                case .absent: return "does not exist"
                case .directory: return "is a directory"
                case .regular: return "is not executable by the daemon's user; see its permissions"
                case .socket, .link, .pipe, .other: return "is not a program, nor a link to one"
                }
            } catch {
                return "cannot be reached: \(error)"
            }
        }
        guard let interpreter = interpreter(of: path), !File.isExecutable(interpreter) else { return nil }
        return
            "needs the interpreter \(BackendName.quoted(interpreter)) of its first line, which is not there or not executable"
    }

    /// The program that the first line of a script names; nil where it names none, or cannot be read.
    private static func interpreter(of path: String) -> String? {
        var buffer = ByteBuffer()
        guard let file = try? File.openRegular(path), (try? file.read(into: &buffer, atMost: 256)) != nil else {
            return nil
        }
        let bytes = buffer.copied()
        guard bytes.starts(with: Array("#!".utf8)) else { return nil }
        let line = bytes.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        let words = line.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") })
        // One that is relative counts from where the program starts, which only the system can look at.
        guard let first = words.first, first.first == UInt8(ascii: "/") else { return nil }
        return String(decoding: first, as: UTF8.self)
    }
}
