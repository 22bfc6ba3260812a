// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct LockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Holds the start lock of a backend while a command runs.",
        usage: "backendctl lock <name> [--wait <duration>] [--socket <path>] [--output <output>] -- <command> ...",
        discussion: """
            The command gets the lock's token in BACKENDCTL_LOCK_TOKEN and the socket in BACKENDD_SOCKET, so that the \
            lock does not stop the backendctl commands that it runs. Signals are passed on to it, and backendctl ends \
            with its exit status. If the lock is broken meanwhile, the command gets SIGTERM, ten seconds later SIGKILL, and \
            the exit status is 4.
            Example: backendctl lock assistant --wait 30s -- sh -c 'backendctl start assistant && ./warm-up'
            """)

    @OptionGroup var backend: BackendArgument
    @OptionGroup var connection: ConnectionOptions

    @Option(
        help: ArgumentHelp(
            "How long to wait for the lock, at most 1h. Default: not at all.",
            valueName: "duration"),
        transform: DurationInput.transform)
    var wait = Duration.zero

    @Option(name: [.short, .long], help: "The format of errors.")
    var output: OutputFormat = .table

    @Argument(parsing: .postTerminator, help: "The command and its arguments.")
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("The command is missing; write it after --") }
    }

    func run() async throws {
        let status = try await connection.withClient(timeout: nil) { client in
            let (name, command, socket) = (backend.name, command, client.socketPath)
            return try await SignalWatch.whileWaiting { signals in
                try await Progress.shownAlone(.backend(name), client) { progress in
                    try await client.backend(name).withStartLock(wait: wait) { holder in
                        progress.end()
                        await signals.end()
                        let environment = HeldEnvironment.current.holding(holder.lockToken, of: name, socket: socket)
                        return try await HeldCommand.run(command, environment: environment)
                    }
                }
            }
        }
        guard status == 0 else { throw ExitCode(status) }
    }
}
