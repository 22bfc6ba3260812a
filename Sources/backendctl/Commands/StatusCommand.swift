// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how a backend is: its state and why, its processes, its models, its last log lines.")

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

    /// The last lines of all processes; none where nothing was logged.
    private func lastLines(_ client: BackendClient) async throws -> [LogLine] {
        let lines = LastLines()
        do {
            try await client.readLogs(of: backend.name, lines: 5, timeout: global.timeout) { line in
                await lines.append(line)
                return .proceed
            }
        } catch let error as BackendClientError where error.reason == "LOGS_NOT_FOUND" {
            return []
        }
        return await lines.all
    }
}

/// What was read so far.
private actor LastLines {
    private(set) var all: [LogLine] = []

    func append(_ line: LogLine) { all.append(line) }
}
