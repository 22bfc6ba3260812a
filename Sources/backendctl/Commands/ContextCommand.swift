// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ContextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context", abstract: "Gives the context of an inference request to the backends.",
        discussion: """
            The context is a JSON or YAML file with the structure of RuntimeContext in \
            protos/backends/v1/runtime_context.proto, or options describe it. If a backend fails, the exit status is that of \
            its error. A backend that routes by headers needs --model-id.
            Examples:
              backendctl context --model-id granite request.json
              backendctl context --model-id granite --grpc-method /caikit.Runtime/Predict --metadata x-route-info=host:8033
              backendctl context --model-id granite --http 'POST /v1/completions' --header x-route-info=host:8033
            """)

    @Argument(help: "The file, or - for standard input.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var file: String?

    @Option(help: "The ID of the model that the request is for.")
    var modelID: String?

    @Option(help: "Only this backend; may be repeated.", completion: .backendNames)
    var backend: [String] = []

    @Flag(help: "Stop at the first backend that fails.")
    var strict = false

    @OptionGroup var request: RequestOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try CommandFailure.checkNamed(modelID)
        let context = try context()
        let results = try await global.withClient { client in
            try await client.handleRuntimeContext(modelID: modelID ?? "", context, backends: backend, strict: strict)
        }
        try global.write(.results(results))
        guard let status = ExitStatus(results.map(\.outcome)) else { return }
        throw ExitCode(status.rawValue)
    }

    private func context() throws -> RuntimeContext {
        switch (file, try request.context()) {
        case (let file?, nil): try ContextDocument.context(try Input(file: file).document())
        case (nil, let context?): context
        case (nil, nil), (_?, _?):
            throw CommandFailure.usage(
                "CONTEXT_MISSING", "a context must come either from a file or from options",
                hint: "see 'backendctl context --help'")
        }
    }
}
