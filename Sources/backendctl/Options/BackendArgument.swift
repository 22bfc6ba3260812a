// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import ConfigDocument
internal import SystemIO

/// The backend that a command is about.
struct BackendArgument: ParsableArguments {
    @Argument(help: "The backend's name.", completion: .backendNames)
    var name: String

    /// Returns its handle, with the token of a start lock that `backendctl lock` holds around this command.
    func handle(_ client: BackendClient) throws(CommandFailure) -> BackendHandle {
        try client.handle(of: name)
    }
}

/// The backends that a command is about, one after the other.
struct BackendArguments: ParsableArguments {
    @Argument(help: "The names of the backends.", completion: .backendNames)
    var names: [String] = []

    @Flag(help: "Every backend.")
    var all = false

    func validate() throws {
        guard all != !names.isEmpty else {
            throw ValidationError(
                all ? "--all cannot be combined with names" : "Names of backends are missing; give them, or --all")
        }
    }

    /// Runs `body` for each backend and writes its report; with `--all`, for those that `isMeant` accepts.
    ///
    /// If it fails for one backend, it runs for the others all the same. The highest status is the exit status.
    func each(
        _ global: GlobalOptions, ofAll isMeant: (BackendDescription) -> Bool = { _ in true },
        _ body: @Sendable (BackendHandle) async throws -> Report
    ) async throws {
        if names.count == 1 {
            let name = names[0]
            return try global.write(
                try await global.withClient(showing: .backend(name)) { client in try await body(client.handle(of: name))
                })
        }
        try await global.withClient { client in
            var status: ExitStatus?
            let chosen = all ? try await client.backends().filter(isMeant).map(\.name) : names
            if chosen.isEmpty {
                try ProcessInformation.writeStandardError("backendctl: no backend matches; nothing was done\n")
            }
            var done: Set<String> = []
            for name in chosen where done.insert(name).inserted {
                do {
                    let report = try await Progress.shown(.backend(name), client) { _ in
                        try await body(client.handle(of: name))
                    }
                    try Output.write(report.renderedAsItem(as: global.output))
                } catch let error as BackendClientError {
                    // Without a daemon, the rest fails in the same way.
                    if ExitStatus(error) == .noDaemon { throw error }
                    var line = ErrorLine(error, about: name)
                    line.hint = await Suggestion.hint(for: error, from: client) ?? line.hint
                    try ProcessInformation.writeStandardError(line.rendered(as: global.output))
                    status = max(status ?? .success, ExitStatus(error))
                }
            }
            if let status { throw ExitCode(status.rawValue) }
        }
    }
}

extension BackendClient {
    /// Returns a backend's handle, with the token of a start lock that `backendctl lock` holds around this command.
    fileprivate func handle(of name: String) throws(CommandFailure) -> BackendHandle {
        let handle = backend(name)
        return try HeldEnvironment.current.token(for: name).map { handle.holding(lockToken: $0) } ?? handle
    }
}

/// How a command behaves while another process holds the start lock.
struct LockOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How long to wait while another process holds the start lock, at most 1h. Default: not at all.",
            valueName: "duration"),
        transform: DurationInput.transform)
    var lockWait = Duration.zero
}
