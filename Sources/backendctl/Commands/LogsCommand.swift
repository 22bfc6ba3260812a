// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Shows what the processes of a backend wrote.",
        discussion: """
            The newest lines of all processes, in the order in which the daemon saw them,
            each with its time. Lines that earlier runs of the daemon have left come first:
            of those the process and the output are known and the time is not, so that "-"
            stands in its place, and --since goes by when their file was last written.
            The files in the daemon's log directory hold more. With --follow it goes on
            over restarts of the backend and of the daemon: it says on standard error that
            the daemon has gone, and ends with an error when none is back after 30 seconds.
            """)

    @Argument(help: "The backend's name.", completion: .backendNames)
    var backend: String

    @Argument(help: "Only the process of this model.", completion: .modelNames)
    var model: String?

    @Flag(name: .shortAndLong, help: "Go on with what is written from now on.")
    var follow = false

    @Option(
        name: [.customShort("n"), .long, .customLong("tail")],
        help: ArgumentHelp(
            "The number of the newest lines to show. Default: 200, or all with --since.", valueName: "number"))
    var lines: UInt32?

    @Option(
        help: ArgumentHelp(
            "Only lines that are not older than this, such as 10m, or than a time, such as 2026-11-23T04:05:06Z.",
            valueName: "duration or time"),
        transform: TimeInput.transform)
    var since: TimeInput?

    @Flag(name: .customLong("no-time"), help: "Leave out when each line was written.")
    var noTime = false

    @Flag(help: "Only standard output.")
    var stdout = false

    @Flag(help: "Only standard error.")
    var stderr = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !(stdout && stderr) else { throw ValidationError("--stdout and --stderr exclude each other") }
        guard lines ?? 1 > 0 else { throw ValidationError("--lines is at least 1") }
    }

    func run() async throws {
        try CommandFailure.checkNamed(model)
        try await global.withClient { client in
            try await Output.whileRead { try await read(client) }
        }
    }

    private func read(_ client: BackendClient) async throws {
        let (format, withTime) = (global.output, !noTime)
        let stream: LogLine.Stream? = stdout ? .output : stderr ? .error : nil
        try await client.readLogs(
            of: backend, modelID: model, lines: lines, since: since?.timestamp(now: .now), follow: follow,
            stream: stream, timeout: global.timeout, whenLost: Output.noticeOfLoss(as: format)
        ) { line in
            let report = Report.logLine(line, withTime: withTime)
            try Output.write(report.renderedAsItem(as: format))
            return .proceed
        }
    }
}
