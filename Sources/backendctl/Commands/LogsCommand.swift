// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import SystemIO

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Shows what the processes of a backend wrote.",
        discussion: "The newest lines that the daemon has in memory; the files in its log directory hold more.")

    @Argument(help: "The backend's name.", completion: .backendNames)
    var backend: String

    @Argument(help: "Only the process of this model.")
    var model: String?

    @Flag(name: .shortAndLong, help: "Go on with what is written from now on.")
    var follow = false

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp(
            "The number of the newest lines to show. Default: 200, or all with --since.", valueName: "number"))
    var lines: UInt32?

    @Option(
        help: ArgumentHelp("Only lines that are not older than this, such as 10m.", valueName: "duration"),
        transform: DurationInput.transform)
    var since: Duration?

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
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await read(client)
                    return true
                }
                group.addTask {
                    try await OutputReader.waitUntilGone()
                    return false
                }
                defer { group.cancelAll() }
                guard try await group.next() == true else { throw ExitCode(ExitStatus.brokenPipe.rawValue) }
            }
        }
    }

    private func read(_ client: BackendClient) async throws {
        let (format, withTime) = (global.output, !noTime)
        let stream: LogLine.Stream? = stdout ? .output : stderr ? .error : nil
        let first = since.map { Timestamp.now.before($0) }
        try await client.readLogs(
            of: backend, modelID: model, lines: lines ?? (since == nil ? 200 : .max), follow: follow, stream: stream,
            timeout: global.timeout
        ) { line in
            if let first, let time = line.time, time < first { return .proceed }
            let report = Report.logLine(line, withTime: withTime)
            try ProcessInformation.writeStandardOutput(report.renderedAsItem(as: format))
            return .proceed
        }
    }
}
