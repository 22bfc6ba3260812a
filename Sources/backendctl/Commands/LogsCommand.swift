// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import SystemIO

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Shows what the processes of a backend wrote.",
        discussion: """
            Shows the newest lines of all processes, in the order in which the daemon
            saw them, each with its time. Lines that earlier runs of the daemon kept come
            first. Their times are not known: "-" is shown instead, and --since uses the
            time at which their file was last written. The files in the daemon's log
            directory contain more. --follow continues across restarts of the backend and
            of the daemon. If the daemon ends, the command says so on standard error, and
            fails if the daemon is not running again after \(DurationInput.text(BackendClient.defaultPatience)).
            """)

    @Argument(help: "The backend's name.", completion: .backendNames)
    var backend: String

    @Argument(help: "Only the process of this model.", completion: .modelNames)
    var model: String?

    @Flag(name: .shortAndLong, help: "Continue with new lines.")
    var follow = false

    @Option(
        name: [.customShort("n", allowingJoined: true), .long, .customLong("tail")],
        help: ArgumentHelp(
            "The number of newest lines to show. Default: 200, or all with --since.", valueName: "number"))
    var lines: UInt32?

    @Option(
        help: ArgumentHelp(
            "Only lines that are at most this old (such as 10m), or written at or after this time (such as 2026-11-23T04:05:06Z).",
            valueName: "duration or time"),
        transform: TimeInput.transform)
    var since: TimeInput?

    @Flag(name: .customLong("no-time"), help: "Leave out the time of each line.")
    var noTime = false

    @Flag(help: "Only standard output.")
    var stdout = false

    @Flag(help: "Only standard error.")
    var stderr = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !(stdout && stderr) else { throw ValidationError("--stdout and --stderr cannot be combined") }
        guard lines ?? 1 > 0 else { throw ValidationError("--lines must be at least 1") }
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
        var isEmpty = true
        try await client.withLogs(
            of: backend, modelID: model, lines: lines.map { Int($0) }, since: since?.timestamp(now: .now),
            follow: follow, stream: stream, timeout: global.timeout, onInterruption: Output.noticeOfLoss(as: format)
        ) { lines in
            for try await line in lines {
                isEmpty = false
                try Output.write(Report.logLine(line, withTime: withTime).renderedAsItem(as: format))
            }
        }
        if !follow, isEmpty {
            try ProcessInformation.writeStandardError("backendctl: no lines match\n")
        }
    }
}
