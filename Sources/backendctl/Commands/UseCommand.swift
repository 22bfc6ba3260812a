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
            The model is loaded if necessary, and stays loaded until the command has ended. The command gets the model's \
            address in BACKENDCTL_MODEL_ADDRESS, its ID in BACKENDCTL_MODEL_ID and its backend in BACKENDCTL_MODEL_BACKEND. \
            backendctl passes signals on to the command, and exits with its exit status. If the model becomes unavailable \
            while the command runs, the command gets SIGTERM, ten seconds later SIGKILL, and the exit status is 4.
            A model that runs in the caller's own process has no address. That is an error without --allow-in-process; with it, \
            BACKENDCTL_MODEL_KIND is IN_PROCESS instead of ADDRESS, and BACKENDCTL_MODEL_ADDRESS is not set.
            Example: backendctl use smollm2 -- sh -c 'curl -s "http://$BACKENDCTL_MODEL_ADDRESS/health"'
            """)

    @Argument(help: "The model's ID.", completion: .modelNames)
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
            "How long to wait until the model is ready and has a free place, at most 1h. Default: "
                + "\(DurationInput.text(BackendClient.defaultTimeout)).",
            valueName: "duration"),
        transform: DurationInput.transform)
    var wait = BackendClient.defaultTimeout

    @Option(name: [.short, .long], help: "The format of errors.")
    var output: OutputFormat = .table

    @Argument(parsing: .postTerminator, help: "The command and its arguments.")
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("The command is missing; write it after --") }
    }

    func run() async throws {
        let (model, command, context) = (model, command, try request.context())
        let status = try await connection.withClient(timeout: nil) { client in
            let socket = client.socketPath
            return try await SignalWatch.whileWaiting { signals in
                try await Progress.shownAlone(.model(model), client) { progress in
                    try await client.withModel(
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
