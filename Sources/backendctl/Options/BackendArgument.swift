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

    /// Its handle, with the token of a start lock that `backendctl lock` holds around this command.
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
            throw ValidationError(all ? "--all goes without names" : "Missing the names of backends, or --all")
        }
    }

    /// Does the same to each backend and writes what it came to; of all backends to those that `isMeant` tells.
    ///
    /// One that fails does not keep the others from it; the highest status of all is the exit status.
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
            for name in all ? try await client.backends().filter(isMeant).map(\.name) : names {
                do {
                    let report = try await Progress.shown(.backend(name), client) { _ in
                        try await body(client.handle(of: name))
                    }
                    try Output.write(report.renderedAsItem(as: global.output))
                } catch let error as BackendClientError {
                    // Without a daemon the rest fails alike.
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
    /// A backend's handle, with the token of a start lock that `backendctl lock` holds around this command.
    fileprivate func handle(of name: String) throws(CommandFailure) -> BackendHandle {
        let handle = backend(name)
        return try HeldEnvironment.current.token(for: name).map { handle.holding(lockToken: $0) } ?? handle
    }
}
