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
            On a terminal the table is drawn again and again, also while the daemon is restarted. Keys:
              q or Ctrl-D       end
              n, m, c, u, r, s  sort by name, memory, CPU, uptime, restarts or uses
              j, k, arrows      scroll by a line
              space, b, pages   scroll by a page
            Rows that do not fit are counted in the last line. Rows that are too wide take further lines, WHY is cut to the \
            width, and states are coloured unless NO_COLOR is set. Elsewhere the table is written once, or --count times.
            Memory is what the process and all its descendants have resident. The processor's share, 100 % being one \
            processor, is that since the last table, and since the process was started in the first one.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp("The time between two tables.", valueName: "duration"),
        transform: DurationInput.transform)
    var interval: Duration = .seconds(2)

    @Option(help: ArgumentHelp("The number of tables after which to end.", valueName: "number"))
    var count: Int?

    @Option(help: "What the rows are sorted by: by name upwards, else the largest first.")
    var sort: TopOrder = .name

    func validate() throws {
        guard interval >= .milliseconds(100) else { throw ValidationError("--interval is at least 100ms") }
        guard count ?? 1 > 0 else { throw ValidationError("--count is at least 1") }
    }

    /// Whether the command has a whole terminal for itself.
    var isLive: Bool { global.output == .table && ProcessInformation.isTerminal(1) }

    func run() async throws {
        if isLive {
            let status = try await global.withClient { client in try await live(client) }
            guard status == 0 else { throw ExitCode(status) }
        } else {
            try await global.withClient { client in try await Output.whileRead { try await writeTables(client) } }
        }
    }

    private func writeTables(_ client: BackendClient) async throws {
        var (top, left) = (ProcessTop(), count ?? 1)
        while true {
            top.take(try await client.backends(), at: Self.moment, now: .now)
            try Output.write(top.report(order: sort).renderedAsItem(as: global.output))
            left -= 1
            if left == 0 { return }
            try await Task.sleep(for: interval)
        }
    }

    /// Returns the exit status.
    private func live(_ client: BackendClient) async throws -> Int32 {
        let keys = ProcessInformation.isTerminal(0) ? try TerminalKeys(of: 0) : nil
        let screen = LiveScreen(keys: keys)
        // Before the first key is read: what is typed until then would be a line, and its end nothing to read.
        try screen.take()
        defer { screen.give() }
        let (inputs, sender) = AsyncStream.makeStream(of: LiveTop.Input.self, bufferingPolicy: .bufferingNewest(64))
        return try await TerminalInput.whileTold(of: keys, { sender.yield($0) }) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await read(client, sender) }
                defer { group.cancelAll() }
                return try await follow(inputs, screen)
            }
        }
    }

    private func read(_ client: BackendClient, _ sender: AsyncStream<LiveTop.Input>.Continuation) async throws {
        while true {
            do throws(BackendClientError) {
                sender.yield(.read(try await client.backends(), at: Self.moment, now: .now))
            } catch {
                sender.yield(.failed(error))
            }
            try await Task.sleep(for: interval)
        }
    }

    private func follow(_ inputs: AsyncStream<LiveTop.Input>, _ screen: LiveScreen) async throws -> Int32 {
        var top = LiveTop(order: sort, count: count)
        for await input in inputs {
            for action in top.take(input) {
                switch action {
                case .draw: try screen.draw(&top)
                case .pause:
                    screen.give()
                    ProcessInformation.pause()
                case .resume: try screen.take()
                case .end(let status): return status
                case .fail(let error): throw error
                }
            }
        }
        return 0
    }

    private static var moment: Duration { .nanoseconds(Int64(clamping: MonotonicClock.nowNanoseconds)) }
}

/// The terminal while it shows a table.
private struct LiveScreen {
    let keys: TerminalKeys?

    /// In the background the terminal is another process's.
    private var isForeground: Bool { keys?.isForeground ?? true }

    func take() throws {
        guard isForeground else { return }
        try keys?.take()
        try Output.write(Screen.taken)
    }

    func draw(_ top: inout LiveTop) throws {
        guard isForeground else { return }
        let size = Screen.size
        try Output.write(
            top.drawing(
                host: .current, columns: size.columns, rows: size.rows, hasKeys: keys != nil,
                isColored: Environment.all["NO_COLOR", default: ""].isEmpty))
    }

    /// Gives the terminal back; one that is gone needs nothing.
    func give() {
        guard isForeground else { return }
        try? Output.write(Screen.given)
        try? keys?.restore()
    }
}

extension TopOrder: ExpressibleByArgument {}
