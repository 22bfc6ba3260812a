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
            return text(error.metadata["model"], await models(client))
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

    /// A model that there is, or could be, with a name near to one that there is not.
    static func model(near name: String, from client: BackendClient) async -> String? {
        let near = Spelling.nearest(to: name, among: await models(client))
        return near?.isIdentical(to: name) == true ? nil : near
    }

    private static func models(_ client: BackendClient) async -> [String] {
        let loaded = (try? await client.models(of: nil))?.map(\.modelID) ?? []
        let offered = (try? await client.backends())?.flatMap(\.models) ?? []
        return loaded + offered.filter { !$0.contains { $0 == "*" || $0 == "?" } }
    }

    /// The question, which takes the place of the usual hint: one advice is enough.
    package static func text(_ name: String?, _ candidates: [String]?) -> String? {
        guard let name, let near = Spelling.nearest(to: name, among: candidates ?? []), near != name else { return nil }
        return "did you mean '\(near)'?"
    }
}
