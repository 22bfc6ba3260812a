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

    /// Makes a client for the time of `body`.
    func withClient<Result>(
        timeout: Duration?, _ body: (BackendClient) async throws -> Result
    ) async throws -> Result {
        let client = try BackendClient(socket: socket, timeout: timeout)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }
}
