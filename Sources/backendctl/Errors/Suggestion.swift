// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsClient
internal import ConfigDocument
internal import TextKeys

/// The name that a user probably meant who named something that is not there.
package enum Suggestion {
    /// The hint for an error about a name; nil where no name is near.
    ///
    /// - Parameters:
    ///   - error: What the daemon said.
    ///   - client: Asked for the names there are.
    ///   - arguments: The command line, for the names that the error does not repeat.
    /// - Returns: The question.
    static func hint(
        for error: BackendClientError, from client: BackendClient, _ arguments: [String] = []
    ) async -> String? {
        // The error stands by itself: without an answer there is no suggestion.
        switch error.reason {
        case "BACKEND_NOT_FOUND":
            return text(error.metadata["backend"], (try? await client.backends())?.map(\.name))
        case "TYPE_NOT_FOUND":
            let type = GlobalArguments.value(of: ["--type"], in: arguments)
            return text(type, (try? await client.types())?.map(\.name))
        case "MODEL_NOT_FOUND", "MODEL_NOT_SERVED":
            guard let model = error.metadata["model"] else { return nil }
            let backends = GlobalArguments.values(of: ["--backend"], in: arguments)
            return await question(about: model, on: backends, from: client)
        case "CONFIG_CONFLICT":
            return text(error.metadata["owner"], error.metadata["other_owner"].map { [$0] })
        default: return nil
        }
    }

    /// The same for a command that has ended, with a client of its own.
    static func hint(for error: BackendClientError, _ arguments: [String]) async -> String? {
        guard error.code == .notFound || error.code == .aborted,
            let client = try? BackendClient(
                socket: GlobalArguments.value(of: ["--socket"], in: arguments), timeout: .seconds(1))
        else { return nil }
        let hint = await hint(for: error, from: client, arguments)
        await client.close()
        return hint
    }

    /// The question about a model that was not found: a near one that exists, or could be loaded, on the backends that are asked, or on
    /// any where none is named.
    static func question(about model: String, on backends: [String], from client: BackendClient) async -> String? {
        func isAsked(_ name: String) -> Bool { backends.isEmpty || backends.contains { $0.isIdentical(to: name) } }
        let loaded = (try? await client.models(of: nil))?.filter { isAsked($0.backend) }.map(\.modelID) ?? []
        let offered = (try? await client.backends())?.filter { isAsked($0.name) }.flatMap(\.models) ?? []
        return question(about: model, among: loaded + offered)
    }

    /// The question for a model, with ids and patterns of others.
    package static func question(about model: String, among names: [String]) -> String? {
        let ids = names.filter { !isPattern($0) }
        return text(model, ids)
            ?? names.first { isPattern($0) && begins(model, nearly: $0) }.map { "did you mean a model of '\($0)'?" }
    }

    private static func isPattern(_ name: String) -> Bool { name.contains { $0 == "*" || $0 == "?" } }

    /// Whether the begin of a model's id is near to what a pattern begins with.
    private static func begins(_ model: String, nearly pattern: String) -> Bool {
        let prefix = String(pattern.prefix { $0 != "*" && $0 != "?" })
        guard prefix.count > 2 else { return false }
        return (prefix.count - 1...prefix.count + 1).contains {
            Spelling.nearest(to: String(model.prefix($0)), among: [prefix]) != nil
        }
    }

    /// The question, which takes the place of the usual hint: one advice is enough.
    package static func text(_ name: String?, _ candidates: [String]?) -> String? {
        guard let name, let near = Spelling.nearest(to: name, among: candidates ?? []), !near.isIdentical(to: name)
        else { return nil }
        return "did you mean '\(near)'?"
    }
}
