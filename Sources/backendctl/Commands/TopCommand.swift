// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import SystemIO
internal import TextKeys

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Shows what the processes of the backends take.",
        discussion: """
            On a terminal the table is drawn anew until the command is interrupted, also while the daemon is restarted; elsewhere \
            it is written once. Memory is what the process and all its descendants have resident. The processor's share, \
            100 % being one processor, is that since the last table, and since the process was started in the first one. \
            On a terminal states are coloured, unless NO_COLOR is set, and rows that are too wide take further lines.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp("The time between two tables.", valueName: "duration"),
        transform: DurationInput.transform)
    var interval: Duration = .seconds(2)

    @Option(help: ArgumentHelp("End after so many tables.", valueName: "number"))
    var count: Int?

    @Option(help: "What the rows are sorted by: by name upwards, else the largest first.")
    var sort: TopOrder = .name

    func validate() throws {
        guard interval >= .milliseconds(100) else { throw ValidationError("--interval is at least 100ms") }
        guard count ?? 1 > 0 else { throw ValidationError("--count is at least 1") }
    }

    func run() async throws {
        let isLive = global.output == .table && ProcessInformation.isTerminal(1)
        var left = count ?? (isLive ? .max : 1)
        try await global.withClient { client in
            var top = ProcessTop()
            while true {
                try await show(client, &top, isLive: isLive)
                left -= 1
                if left == 0 { return }
                try await Task.sleep(for: interval)
            }
        }
    }

    private func show(_ client: BackendClient, _ top: inout ProcessTop, isLive: Bool) async throws {
        let text: String
        do throws(BackendClientError) {
            let backends = try await client.backends()
            let report = top.report(
                backends, at: .nanoseconds(Int64(clamping: MonotonicClock.nowNanoseconds)),
                now: .now, order: sort, host: isLive ? .current : nil, columns: isLive ? Screen.size.columns : nil)
            text = isLive ? drawn(report.text) : report.renderedAsItem(as: global.output)
        } catch {
            // The daemon may come back.
            guard isLive, error.code == .unavailable else { throw error }
            text = drawn("\(ErrorLine(error))\n")
        }
        try ProcessInformation.writeStandardOutput(text)
    }

    private func drawn(_ text: String) -> String {
        Screen.drawn(text, isColored: Environment.all["NO_COLOR", default: ""].isEmpty)
    }
}

extension TopOrder: ExpressibleByArgument {}
