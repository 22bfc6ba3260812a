// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

/// Which daemon a command talks to.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The daemon's socket.",
            discussion: "Default: $BACKENDD_SOCKET, else the one that exists of "
                + "$XDG_RUNTIME_DIR/backendd/backendd.sock and /run/backendd/backendd.sock.",
            valueName: "path"),
        completion: .file(extensions: ["sock"]))
    var socket: String?

    func validate() throws {
        guard socket?.isEmpty != true else { throw ValidationError("--socket needs a path") }
    }

    /// Runs `body` with a client. Without a timeout its calls have that of the library.
    func withClient<Value>(
        timeout: Duration?, _ body: (BackendClient) async throws -> Value
    ) async throws -> Value {
        try await withBackendClient(socket: socket, timeout: timeout ?? BackendClient.defaultTimeout, body)
    }
}
