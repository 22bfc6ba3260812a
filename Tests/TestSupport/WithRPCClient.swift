// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SocketRPC

/// Runs a test, or a part of one, with a connection of its own, closed afterwards.
package func withRPCClient<R: Sendable>(
    _ path: String, _ configuration: ClientConfiguration = ClientConfiguration(),
    _ body: (RPCClient) async throws -> R
) async throws -> R {
    let client = try RPCClient(path: path, configuration: configuration)
    do {
        let result = try await body(client)
        await client.close()
        return result
    } catch {
        await client.close()
        throw error
    }
}
