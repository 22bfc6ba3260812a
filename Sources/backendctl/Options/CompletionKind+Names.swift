// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

/// Names that the daemon knows; none if it does not answer quickly.
extension CompletionKind {
    static let backendNames = names { client in try await client.backends(timeout: patience).map(\.name) }

    static let typeNames = names { client in try await client.backendTypes(timeout: patience).map(\.name) }

    /// The IDs that are loaded or configured, without patterns, which stand for any number of IDs.
    static let modelNames = names { client in
        let loaded = try await client.models(of: nil, timeout: patience).map(\.modelID)
        let offered = try await client.backends(timeout: patience).flatMap(\.models)
        let ids = Set(loaded + offered.filter { !$0.contains("*") && !$0.contains("?") })
        return ids.sorted()
    }

    static let instanceNames = names { client in
        try await client.backends(timeout: patience).flatMap(\.instances).map(\.name)
    }

    private static let patience = Duration.seconds(1)

    private static func names(_ ask: @escaping @Sendable (BackendClient) async throws -> [String]) -> CompletionKind {
        .custom { (words, _, prefix) async in
            guard let client = try? BackendClient(socket: GlobalArguments.value(of: ["--socket"], in: words)) else {
                return []
            }
            // Errors are not shown: they would spoil the line that is being typed.
            let names = (try? await ask(client)) ?? []
            await client.close()
            // A shell expands the completions, and the socket need not belong to a daemon that can be trusted.
            let shown = names.filter { $0.hasPrefix(prefix) && ErrorHint.word($0) != nil }
            // In zsh a colon begins the description.
            return CompletionShell.requesting == .zsh ? shown.map { $0.replacing(":", with: "\\:") } : shown
        }
    }
}
