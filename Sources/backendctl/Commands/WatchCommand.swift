// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Tells every change of every backend, one line each.",
        discussion: """
            It begins with a snapshot, or behind the event that --since and --instance name. When the daemon is restarted, \
            it says so on standard error and goes on with the new one, for which it waits 30 seconds. With --timeout it ends after that time, with exit status 6.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("The sequence of the last event seen.", valueName: "number"))
    var since: UInt64?

    @Option(help: ArgumentHelp("The run of the daemon that --since is of.", valueName: "id"))
    var instance: String?

    @Option(help: ArgumentHelp("The number of events after which to end; a snapshot is one.", valueName: "number"))
    var count: Int?

    func validate() throws {
        guard (since == nil) == (instance == nil) else {
            throw ValidationError("--since and --instance go together; both are in every event")
        }
        guard count ?? 1 > 0 else { throw ValidationError("--count is at least 1") }
    }

    func run() async throws {
        try await global.withClient { client in
            try await Output.whileRead { try await watch(client) }
        }
    }

    private func watch(_ client: BackendClient) async throws {
        let position = since.flatMap { since in instance.map { WatchPosition(instance: $0, sequence: since) } }
        let format = global.output
        var left = count
        try await client.watch(
            from: position, timeout: global.timeout, whenLost: Output.noticeOfLoss(as: format)
        ) { event in
            try Output.write(Report.event(event).renderedAsItem(as: format))
            left = left.map { $0 - 1 }
            return left == 0 ? .stop : .proceed
        }
    }
}
