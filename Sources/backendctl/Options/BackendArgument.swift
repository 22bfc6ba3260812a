// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

/// The backend that a command is about.
struct BackendArgument: ParsableArguments {
    @Argument(help: "The backend's name.", completion: .backendNames)
    var name: String

    /// Its handle, with the token of a start lock that `backendctl lock` holds around this command.
    func handle(_ client: BackendClient) throws(CommandFailure) -> BackendHandle {
        let handle = client.backend(name)
        return try HeldEnvironment.current.token(for: name).map { handle.holding(lockToken: $0) } ?? handle
    }
}

extension CompletionKind {
    /// The names of the backends; none when the daemon does not answer at once.
    static let backendNames = CompletionKind.custom { (words, _, prefix) async in
        let options = zip(words, words.dropFirst()).first { $0.0 == "--socket" }
        guard let client = try? BackendClient(socket: options?.1) else { return [] }
        // Completion says nothing of errors: there is no place for them on the line that is being typed.
        let backends = try? await client.backends(timeout: .milliseconds(300))
        await client.close()
        return (backends ?? []).map(\.name).filter { $0.hasPrefix(prefix) }
    }
}
