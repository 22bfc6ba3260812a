// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct LockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Holds the start lock of a backend while a command runs.",
        usage: "backendctl lock <name> [--wait <duration>] [--socket <path>] [--output <output>] -- <command> ...",
        discussion: """
            The command gets the lock's token in BACKENDCTL_LOCK_TOKEN and the socket in BACKENDD_SOCKET, so that what it asks \
            backendctl to do goes past the lock. Signals are passed on to it, and it decides the exit status. When the lock \
            is broken meanwhile the command gets SIGTERM, ten seconds later SIGKILL, and the exit status is 4.
            Example: backendctl lock assistant --wait 30s -- sh -c 'backendctl start assistant && ./warm-up'
            """)

    @OptionGroup var backend: BackendArgument
    @OptionGroup var connection: ConnectionOptions

    @Option(
        help: ArgumentHelp(
            "How long to wait until the lock is free, before the command is run; at most 1h. Default: not at all.",
            valueName: "duration"),
        transform: DurationInput.transform)
    var wait: Duration?

    @Option(name: [.short, .long], help: "How to write an error: table, json or yaml.")
    var output: OutputFormat = .table

    @Argument(parsing: .postTerminator, help: "The command and its arguments.")
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("Missing the command; it comes behind --") }
    }

    func run() async throws {
        let status = try await connection.withClient(timeout: nil) { client in
            let (name, command, socket) = (backend.name, command, client.socketPath)
            return try await WaitSignals.watched { signals in
                try await Progress.shownAlone(.backend(name), client) { progress in
                    try await client.backend(name).withStartLock(wait: wait) { holder in
                        progress.end()
                        await signals.end()
                        let token = holder.lockToken ?? 0
                        return try await HeldCommand.run(
                            command, environment: HeldEnvironment.current.holding(token, of: name, socket: socket))
                    }
                }
            }
        }
        guard status == 0 else { throw ExitCode(status) }
    }
}
