// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsClient
internal import ConfigDocument
internal import TextKeys

/// The existing name that the user probably meant.
package enum Suggestion {
    /// Finds the hint for an error about a name; nil if no similar name exists.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - client: The client to ask for the existing names.
    ///   - arguments: The command line, which has the names that the error does not repeat.
    /// - Returns: The question.
    static func hint(
        for error: BackendClientError, from client: BackendClient, _ arguments: [String] = []
    ) async -> String? {
        // If the daemon does not answer, there is no suggestion.
        switch error.reason {
        case .backendNotFound:
            return text(error.metadata["backend"], (try? await client.backends())?.map(\.name))
        case .typeNotFound:
            let type = GlobalArguments.value(of: ["--type"], in: arguments)
            return text(type, (try? await client.backendTypes())?.map(\.name))
        case .modelNotFound, .modelNotServed:
            guard let model = error.metadata["model"] else { return nil }
            let backends = GlobalArguments.values(of: ["--backend"], in: arguments)
            return await question(about: model, on: backends, from: client)
        case .configConflict:
            return text(error.metadata["owner"], error.metadata["other_owner"].map { [$0] })
        default: return nil
        }
    }

    /// Returns the same for a command that has ended, with another client.
    static func hint(for error: BackendClientError, _ arguments: [String]) async -> String? {
        guard error.code == .notFound || error.code == .aborted,
            let client = try? BackendClient(
                socket: GlobalArguments.value(of: ["--socket"], in: arguments), timeout: .seconds(3))
        else { return nil }
        let hint = await hint(for: error, from: client, arguments)
        await client.close()
        return hint
    }

    /// Returns the question about a model that was not found: a similar one that is loaded or could be, on the named
    /// backends, or on any backend if none is named.
    static func question(about model: String, on backends: [String], from client: BackendClient) async -> String? {
        func isAsked(_ name: String) -> Bool { backends.isEmpty || backends.contains { $0.isIdentical(to: name) } }
        let loaded = (try? await client.models(of: nil))?.filter { isAsked($0.backend) }.map(\.modelID) ?? []
        let offered = (try? await client.backends())?.filter { isAsked($0.name) }.flatMap(\.models) ?? []
        return question(about: model, among: loaded + offered)
    }

    /// Returns the question about a model, given the IDs and patterns of others.
    package static func question(about model: String, among names: [String]) -> String? {
        let ids = names.filter { !isPattern($0) }
        return text(model, ids)
            ?? names.first { isPattern($0) && begins(model, nearly: $0) }.map { "did you mean a model of '\($0)'?" }
    }

    private static func isPattern(_ name: String) -> Bool { name.contains { $0 == "*" || $0 == "?" } }

    /// Whether the beginning of a model's ID is similar to that of a pattern.
    private static func begins(_ model: String, nearly pattern: String) -> Bool {
        let prefix = String(pattern.prefix { $0 != "*" && $0 != "?" })
        guard prefix.count > 2 else { return false }
        return (prefix.count - 1...prefix.count + 1).contains {
            Spelling.nearest(to: String(model.prefix($0)), among: [prefix]) != nil
        }
    }

    /// Returns the question, which replaces the usual hint; nil if no candidate is similar.
    package static func text(_ name: String?, _ candidates: [String]?) -> String? {
        guard let name, let near = Spelling.nearest(to: name, among: candidates ?? []), !near.isIdentical(to: name)
        else { return nil }
        return "did you mean '\(near)'?"
    }
}
