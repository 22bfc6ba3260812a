// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

/// What almost every command takes.
struct GlobalOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions

    @Option(name: [.short, .long], help: "How to write the result: table, json or yaml.")
    var output: OutputFormat = .table

    @Option(
        help: ArgumentHelp(
            "How long each call may take in all, waits included, such as 10s or 1m30s; what was begun goes on. Default: 5m, "
                + "but no limit for watch and logs.",
            valueName: "duration"),
        transform: DurationInput.transform)
    var timeout: Duration?

    func withClient<Result>(_ body: (BackendClient) async throws -> Result) async throws -> Result {
        try await connection.withClient(timeout: timeout, body)
    }

    /// The same for a command that may have to wait, which tells meanwhile for what.
    func withClient<Result>(
        showing subject: ProgressLine.Subject, _ body: (BackendClient) async throws -> Result
    ) async throws -> Result {
        try await withClient { client in
            try await Progress.shown(subject, client) { _ in try await body(client) }
        }
    }

    func write(_ report: Report) throws {
        try Output.write(report.rendered(as: output))
    }
}

extension OutputFormat: ExpressibleByArgument {}
