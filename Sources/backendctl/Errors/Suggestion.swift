// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsClient
internal import ConfigDocument

/// The name that a user probably meant who named something that is not there.
package enum Suggestion {
    /// The hint for an error about a name that is not found; nil where no name is near.
    static func hint(for error: BackendClientError, _ arguments: [String]) async -> String? {
        guard error.code == .notFound,
            let client = try? BackendClient(
                socket: GlobalArguments.value(of: ["--socket"], in: arguments), timeout: .seconds(1))
        else { return nil }
        // The error stands by itself: without an answer there is no suggestion.
        let hint: String? =
            switch error.reason {
            case "BACKEND_NOT_FOUND":
                text(error.metadata["backend"], (try? await client.backends())?.map(\.name))
            case "TYPE_NOT_FOUND":
                text(
                    GlobalArguments.value(of: ["--type"], in: arguments), (try? await client.types())?.map(\.name))
            case "MODEL_NOT_FOUND", "MODEL_NOT_SERVED":
                text(error.metadata["model"], await models(client))
            default: nil
            }
        await client.close()
        return hint
    }

    private static func models(_ client: BackendClient) async -> [String] {
        let loaded = (try? await client.models(of: nil))?.map(\.modelID) ?? []
        let offered = (try? await client.backends())?.flatMap { AvailableModel.all(of: $0) }.map(\.name) ?? []
        return loaded + offered.filter { !$0.contains { $0 == "*" || $0 == "?" } }
    }

    /// The question, which takes the place of the usual hint: one advice is enough.
    package static func text(_ name: String?, _ candidates: [String]?) -> String? {
        guard let name, let near = Spelling.nearest(to: name, among: candidates ?? []), near != name else { return nil }
        return "did you mean '\(near)'?"
    }
}
