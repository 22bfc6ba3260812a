// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

/// The options of almost every command.
struct GlobalOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions

    @Option(
        name: [.customShort("o", allowingJoined: true), .long], help: "The format of the result.")
    var output: OutputFormat = .table

    @Option(
        help: ArgumentHelp(
            "How long each call may take, waits included, for example 10s or 1m30s. What the daemon has begun continues. "
                + "Default: \(DurationInput.text(BackendClient.defaultTimeout)); watch and logs have no limit.",
            valueName: "duration"),
        transform: DurationInput.transform)
    var timeout: Duration?

    func withClient<Value>(_ body: (BackendClient) async throws -> Value) async throws -> Value {
        try await connection.withClient(timeout: timeout, body)
    }

    /// The same for a command that may have to wait, and that shows meanwhile what it waits for.
    func withClient<Value>(
        showing subject: ProgressLine.Subject, _ body: (BackendClient) async throws -> Value
    ) async throws -> Value {
        try await withClient { client in
            try await Progress.shown(subject, client) { _ in try await body(client) }
        }
    }

    func write(_ report: Report) throws {
        try Output.write(report.rendered(as: output))
    }
}

extension OutputFormat: ExpressibleByArgument {}
