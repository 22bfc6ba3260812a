// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct UseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Keeps a model loaded while a command runs.",
        usage:
            "backendctl use <model> [--backend <name>] [--wait <duration>] [--no-start] [--allow-in-process] [--grpc-method </package.Service/Method>] [--http <method target>] [--socket <path>] [--output <output>] -- <command> ...",
        discussion: """
            The model is loaded where it is not loaded, and not unloaded before the command has ended. The command gets its \
            address in BACKENDCTL_MODEL_ADDRESS, its id in BACKENDCTL_MODEL_ID and its backend in BACKENDCTL_MODEL_BACKEND. \
            Signals are passed on to it, and it decides the exit status. When the model is lost meanwhile the command gets \
            SIGTERM, ten seconds later SIGKILL, and the exit status is 4.
            A model that runs in the caller's own process has no address: that is an error, unless --allow-in-process is \
            given; BACKENDCTL_MODEL_KIND is then IN_PROCESS in place of ADDRESS, and BACKENDCTL_MODEL_ADDRESS is not set.
            Example: backendctl use smollm2 -- sh -c 'curl -s "http://$BACKENDCTL_MODEL_ADDRESS/health"'
            """)

    @Argument(help: "The model's id.", completion: .modelNames)
    var model: String

    @Option(help: "Only this backend; may be repeated.", completion: .backendNames)
    var backend: [String] = []

    @Flag(help: "Do not start a backend, and do not load the model.")
    var noStart = false

    @Flag(help: "Also use a model that runs in the caller's own process.")
    var allowInProcess = false

    @OptionGroup var request: RequestOptions
    @OptionGroup var connection: ConnectionOptions

    @Option(
        help: ArgumentHelp(
            "How long to wait until the model is loaded and has a free place, before the command is run. Default: 5m.",
            valueName: "duration"),
        transform: DurationInput.transform)
    var wait: Duration = .seconds(300)

    @Option(name: [.short, .long], help: "How to write an error: table, json or yaml.")
    var output: OutputFormat = .table

    @Argument(parsing: .postTerminator, help: "The command and its arguments.")
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("Missing the command; it comes behind --") }
    }

    func run() async throws {
        let (model, command, context) = (model, command, try request.context())
        let status = try await connection.withClient(timeout: nil) { client in
            let socket = client.socketPath
            return try await WaitSignals.watched { signals in
                try await Progress.shownAlone(.model(model), client) { progress in
                    try await client.useModel(
                        model, context: context, backends: backend, autoStart: !noStart, allowInProcess: allowInProcess,
                        wait: wait
                    ) { endpoint in
                        progress.end()
                        await signals.end()
                        if endpoint.isInProcess, !allowInProcess {
                            throw CommandFailure.inProcess(model, backend: endpoint.backend)
                        }
                        let environment = HeldEnvironment.current.using(model, at: endpoint, socket: socket)
                        return try await HeldCommand.run(command, environment: environment)
                    }
                }
            }
        }
        guard status == 0 else { throw ExitCode(status) }
    }
}
