// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import SystemIO
internal import TextKeys

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Shows the processes of the backends with their memory and CPU use.",
        discussion: """
            On a terminal, the table is redrawn until the command ends, even while the daemon is restarted. Keys:
              q or Ctrl-D       end
              n, m, c, u, r, s  sort by name, memory, CPU, uptime, restarts or uses
              j, k, arrows      scroll by a line
              space, b, pages   scroll by a page
            The last line counts the rows that do not fit. Rows that are too wide continue on further lines, WHY is cut to the \
            width, and states are colored unless NO_COLOR is set. If standard output is not a terminal, the table is written \
            once, or --count times. MEMORY is the resident memory of a process and all its descendants. CPU is the share \
            of a processor that they used since the last table or, in the first table, since the start of the process.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp("The time between updates, at least 100ms. Default: 2s.", valueName: "duration"),
        transform: DurationInput.transform)
    var interval: Duration = .seconds(2)

    @Option(help: ArgumentHelp("End after this number of tables.", valueName: "number"))
    var count: Int?

    @Option(help: "The column to sort the rows by: names ascending, all others descending.")
    var sort: TopOrder = .name

    func validate() throws {
        guard interval >= .milliseconds(100) else { throw ValidationError("--interval must be at least 100ms") }
        guard count ?? 1 > 0 else { throw ValidationError("--count must be at least 1") }
    }

    /// Whether the command uses the whole terminal.
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

    /// Shows the table until the command ends. Returns the exit status.
    private func live(_ client: BackendClient) async throws -> Int32 {
        let keys = ProcessInformation.isTerminal(0) ? try TerminalKeys(of: 0) : nil
        let screen = LiveScreen(keys: keys)
        // Before the first key is read, because the terminal still collects what is typed into lines.
        try screen.take()
        defer { screen.give() }
        let (inputs, sender) = AsyncStream.makeStream(of: LiveTop.Input.self, bufferingPolicy: .bufferingNewest(64))
        return try await TerminalInput.whileTold(of: keys, { sender.yield($0) }) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await read(client, sender) }
                defer { group.cancelAll() }
                return try await show(inputs, on: screen)
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

    private func show(_ inputs: AsyncStream<LiveTop.Input>, on screen: LiveScreen) async throws -> Int32 {
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

/// The terminal while the table is shown.
private struct LiveScreen {
    let keys: TerminalKeys?

    /// In the background, the terminal belongs to another process.
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

    /// Gives the terminal back. Errors of a terminal that has gone are ignored.
    func give() {
        guard isForeground else { return }
        try? Output.write(Screen.given)
        try? keys?.restore()
    }
}

extension TopOrder: ExpressibleByArgument {}
