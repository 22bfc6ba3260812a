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

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("So many of the newest lines.", valueName: "number"))
    var lines: UInt32 = 200

    @Flag(help: "Only standard output.")
    var stdout = false

    @Flag(help: "Only standard error.")
    var stderr = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !(stdout && stderr) else { throw ValidationError("--stdout and --stderr exclude each other") }
        guard lines > 0 else { throw ValidationError("--lines is at least 1") }
    }

    func run() async throws {
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
        let format = global.output
        let stream: LogLine.Stream? = stdout ? .output : stderr ? .error : nil
        try await client.readLogs(
            of: backend, modelID: model, lines: lines, follow: follow, stream: stream, timeout: global.timeout
        ) { line in
            try ProcessInformation.writeStandardOutput(Report.logLine(line).renderedAsItem(as: format))
            return .proceed
        }
    }
}
