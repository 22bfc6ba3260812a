// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tells what each backend would do for a model and why, without doing it.",
        discussion: "The last line names the backend that would answer. The exit status is 0 also where none would.")

    @Argument(help: "The model's id.", completion: .modelNames)
    var model: String

    @Option(help: "Only this backend; may be repeated.", completion: .backendNames)
    var backend: [String] = []

    @Flag(help: "As if nothing might be started or loaded.")
    var noStart = false

    @Flag(help: "As if the caller could run the model in its own process.")
    var allowInProcess = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let (verdicts, unready, question) = try await global.withClient { client in
            let verdicts = try await client.explainModel(
                model, backends: backend, autoStart: !noStart, allowInProcess: allowInProcess)
            let isServed = verdicts.contains { $0.verdict != "SKIP" }
            // A started backend that cannot serve is called by the same name as in the list of backends.
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
