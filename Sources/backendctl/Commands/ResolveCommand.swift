// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ResolveCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Writes the address of a model, which is loaded first if necessary.",
        discussion: """
            Only the address goes to standard output, so that a script can use it; --output json also says why backends were \
            passed over. A backend that leaves models to the caller's own process is passed over if another backend has an \
            address. If no other backend serves the model, resolve fails; with --allow-in-process it writes IN_PROCESS instead. \
            Options can describe the context of a request, as with 'backendctl context'.
            """)

    @Argument(help: "The model's ID.", completion: .modelNames)
    var model: String

    @Option(help: "Only this backend; may be repeated.", completion: .backendNames)
    var backend: [String] = []

    @Flag(help: "Do not start a backend, and do not load the model.")
    var noStart = false

    @Flag(help: "Do not wait for a model that is being loaded.")
    var noWait = false

    @Flag(help: "Also ask backends that leave a model to the caller's own process, and write IN_PROCESS for it.")
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
