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
        guard let program = arguments.first, !program.isEmpty else {
            throw notFound("", "the command is empty")
        }
        if program.contains("/") {
            let path = program.hasPrefix("/") || directory == nil ? program : "\(directory ?? "")/\(program)"
            guard File.isExecutable(path) else { throw notFound(program, "it is not there, or not executable") }
            return program
        }
        let places = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        for place in places.split(separator: ":") where File.isExecutable("\(place)/\(program)") {
            return "\(place)/\(program)"
        }
        throw notFound(program, "it is in no directory of the PATH it would get")
    }

    private func notFound(_ program: String, _ why: String) -> BackendError {
        BackendError(
            .failedPrecondition, .programNotFound,
            "cannot start instance \(instance): no program \(BackendName.quoted(program)): \(why); check command and env",
            metadata: ["instance": instance, "program": program])
    }
}
