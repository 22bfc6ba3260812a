// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

extension Report {
    package static func info(_ info: ServerInfo) -> Report {
        var fields = FieldList()
        fields.append("version", info.version)
        fields.append("instance", info.run)
        fields.append("started", info.startTime?.description)
        fields.append("pid", String(info.pid))
        fields.append("protocols", info.protocols.joined(separator: ", "))
        fields.append("socket", info.socketPath)
        fields.append("connections", String(info.connections))
        fields.append("backends", String(info.backends))
        fields.append("sequence", String(info.sequence))
        fields.append("input", words(of: info.input))
        fields.append("output", words(of: info.output))
        fields.append("lost output", ProcessRow.bytes(info.lostOutputBytes))
        return Report(text: fields.text, document: ConfigValue(info))
    }

    /// `12K of 128M, 3 refusals`.
    private static func words(of budget: MemoryBudget) -> String {
        "\(ProcessRow.bytes(budget.bytes)) of \(ProcessRow.bytes(budget.limitBytes)), "
            + "\(budget.refusals) \(budget.refusals == 1 ? "refusal" : "refusals")"
    }

    package static func results(_ results: [ContextResult]) -> Report {
        var table = TextTable("BACKEND", "OUTCOME", "ERROR")
        for result in results {
            var words = ""
            if case .failed(let error) = result.outcome {
                words = ([error.description.inOneLine] + [ErrorHint.text(for: error)].compactMap(\.self))
                    .joined(separator: "; ")
            }
            table.append(result.backend, result.outcome.word, words)
        }
        return Report(text: table.text, document: ["results": .list(results.map { ConfigValue($0) })])
    }

    /// One line for a person.
    package static func event(_ event: DaemonEvent) -> Report {
        let words =
            switch event {
            case .snapshot(let snapshot):
                "snapshot  instance \(snapshot.position.run)  sequence \(snapshot.position.sequence)  "
                    + (snapshot.backends.isEmpty
                        ? "no backends"
                        : snapshot.backends.map { "\($0.name)=\($0.shownState)" }.joined(separator: " "))
            case .change(let change):
                "\(change.time?.description ?? "-")  \(change.position.sequence)  \(change.backend)  "
                    + "\(change.oldState?.description ?? "-") -> \(change.newState?.description ?? "-")  \(change.cause)  "
                    + "generation \(change.generation)" + (change.hold.map { "  \($0.line)" } ?? "")
                    + (change.failure.map { "  \($0.line)" } ?? "")
            case .instance(let change):
                "\(change.time?.description ?? "-")  \(change.position.sequence)  instance \(change.instance)  "
                    + "\(change.oldState?.description ?? "-") -> \(change.newState?.description ?? "-")  "
                    + (change.pid.map { "pid \($0)  " } ?? "") + "restarts \(change.restarts)"
                    + (change.retryTime.map { "  to be started again at \($0)" } ?? "")
                    + (change.cause.map { "  \($0)" } ?? "")
                    + ((change.logFailure ?? change.failure).map { "  \($0.line)" } ?? "")
            case .model(let change):
                "\(change.time?.description ?? "-")  \(change.position.sequence)  model \(change.modelID) of \(change.backend)  "
                    + "\(change.oldState) -> \(change.newState)  \(change.cause)"
                    + (change.failure.map { "  \($0.line)" } ?? "")
            case .gap(let gap):
                "gap  sequences \(gap.first) to \(gap.last) are lost"
            }
        return Report(text: PlainText.escaped(words) + "\n", document: ConfigValue(event))
    }
}
