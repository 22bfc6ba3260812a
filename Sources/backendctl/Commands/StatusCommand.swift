// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows the state of a backend and why, its processes, its models and its last log lines.")

    @OptionGroup var backend: BackendArgument
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let name = backend.name
        let report = try await global.withClient { client in
            let description = try await client.backend(name).describe()
            let models = try await client.models(of: name)
            return Report.status(description, models: models, lines: try await lastLines(client), now: .now)
        }
        try global.write(report)
    }

    /// Returns the last lines of all processes; none if nothing was logged.
    private func lastLines(_ client: BackendClient) async throws -> [LogLine] {
        do {
            return try await client.withLogs(of: backend.name, lines: 5, timeout: global.timeout) { lines in
                try await lines.reduce(into: []) { $0.append($1) }
            }
        } catch let error as BackendClientError where error.reason == .logsNotFound {
            return []
        }
    }
}
