// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Shows what each backend would do for a model and why, without doing it.",
        discussion: "The last line names the backend that would answer. The exit status is 0 even if none would.")

    @Argument(help: "The model's ID.", completion: .modelNames)
    var model: String

    @Option(help: "Only this backend; may be repeated.", completion: .backendNames)
    var backend: [String] = []

    @Flag(help: "Assume that nothing may be started or loaded, as with 'resolve --no-start'.")
    var noStart = false

    @Flag(help: "Assume that the caller can run the model in its own process.")
    var allowInProcess = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let (verdicts, unready, question) = try await global.withClient { client in
            let verdicts = try await client.explainModel(
                model, backends: backend, autoStart: !noStart, allowInProcess: allowInProcess)
            let isServed = verdicts.contains { $0.decision != .skip }
            // A started backend that cannot serve has the same state as in the list of backends.
            let isStarted = verdicts.contains { $0.backendState == .started }
            let backends = isStarted ? try await client.backends() : []
            let unready = Set(backends.filter { $0.unready != nil }.map(\.name))
            return (
                verdicts, unready, isServed ? nil : await Suggestion.question(about: model, on: backend, from: client)
            )
        }
        try global.write(
            .explained(verdicts, unready: unready, question: question, allowsInProcess: allowInProcess))
    }
}
