// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Writes a line for each change of each backend, process and model.",
        discussion: """
            The output begins with a snapshot, or after the event that --since and --instance name. If the daemon ends, \
            the command says so on standard error, waits up to \(DurationInput.text(BackendClient.defaultPatience)) for the \
            daemon to be started again, and continues. With --timeout the command ends after that time, with exit status 6.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("The sequence number of the last event seen.", valueName: "number"))
    var since: UInt64?

    @Option(help: ArgumentHelp("The ID of the run of the daemon that --since belongs to.", valueName: "id"))
    var instance: String?

    @Option(help: ArgumentHelp("End after this number of events; a snapshot counts as one.", valueName: "number"))
    var count: Int?

    func validate() throws {
        guard (since == nil) == (instance == nil) else {
            throw ValidationError("--since and --instance must be given together; each event has both")
        }
        guard count ?? 1 > 0 else { throw ValidationError("--count must be at least 1") }
    }

    func run() async throws {
        try await global.withClient { client in
            try await Output.whileRead { try await watch(client) }
        }
    }

    private func watch(_ client: BackendClient) async throws {
        let position = since.flatMap { since in instance.map { EventPosition(run: $0, sequence: since) } }
        let format = global.output
        var left = count
        try await client.withEvents(
            from: position, timeout: global.timeout, onInterruption: Output.noticeOfLoss(as: format)
        ) { events in
            for try await event in events {
                try Output.write(Report.event(event).renderedAsItem(as: format))
                left = left.map { $0 - 1 }
                if left == 0 { break }
            }
        }
    }
}
