// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ResolveCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Tells where a model can be reached, and loads it where it is not loaded.",
        discussion: """
            The address goes to standard output alone, so that a script can take it; why backends were passed over is in \
            --output json. A backend that leaves models to the caller's own process is passed over for one with an address. \
            Where it is the only one that serves the model that is an error, for there is an answer and no address, unless \
            --allow-in-process asks for the verdict IN_PROCESS. A context is made of options, as with 'backendctl context'.
            """)

    @Argument(help: "The model's id.", completion: .modelNames)
    var model: String

    @Option(help: "Only this backend; may be repeated.", completion: .backendNames)
    var backend: [String] = []

    @Flag(help: "Do not start a backend, and do not load the model.")
    var noStart = false

    @Flag(help: "Do not wait for a model that is being loaded.")
    var noWait = false

    @Flag(help: "Also ask backends that leave a model to the caller's own process, and print IN_PROCESS for it.")
    var allowInProcess = false

    @OptionGroup var request: RequestOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let context = try request.context()
        let resolution = try await global.withClient(showing: .model(model)) { client in
            try await client.resolveModel(
                model, context: context, backends: backend, waitReady: !noWait, autoStart: !noStart,
                allowInProcess: allowInProcess)
        }
        if resolution.endpoint.isInProcess, !allowInProcess {
            throw CommandFailure.inProcess(model, backend: resolution.endpoint.backend)
        }
        try global.write(.resolved(resolution))
    }
}
