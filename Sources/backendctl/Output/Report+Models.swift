// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

extension Report {
    package static func models(_ models: [ModelDescription]) -> Report {
        var table = TextTable("MODEL", "BACKEND", "STATE", "USES", "WAITING", "ADDRESS", "FAILURE")
        for model in models {
            table.append(
                model.modelID, model.backend, model.state.description, String(model.uses), String(model.waiting),
                model.endpoint?.place ?? "", model.failure?.reason.rawValue ?? model.unready?.line ?? "")
        }
        return Report(text: table.text, document: ["models": .list(models.map { ConfigValue($0) })])
    }

    package static func loaded(_ update: ModelUpdate) -> Report {
        let model = update.model
        let place = model.endpoint.map { $0.isInProcess ? ", in the caller's process" : " at \($0.address)" } ?? ""
        let words =
            "\(model.modelID) \(update.isChanged ? "is loaded" : "was already loaded") in \(model.backend)\(place)"
        return Report(
            text: PlainText.escaped(words) + "\n",
            document: ["model": ConfigValue(model), "already_loaded": .bool(!update.isChanged)])
    }

    package static func unloaded(_ unload: ModelUnload) -> Report {
        Report(
            text: PlainText.escaped("\(unload.modelID) \(unload.isChanged ? "is unloaded" : "was not loaded")") + "\n",
            document: ["model_id": .string(unload.modelID), "already_unloaded": .bool(!unload.isChanged)])
    }

    /// Only the address or IN_PROCESS, for scripts.
    package static func resolved(_ resolution: ModelResolution) -> Report {
        Report(
            text: PlainText.escaped(resolution.endpoint.place) + "\n",
            document: [
                "endpoint": ConfigValue(resolution.endpoint),
                "skipped": .list(
                    resolution.skipped.map {
                        [
                            "backend": .string($0.backend), "reason": .string($0.reason.rawValue),
                            "message": .string($0.message),
                        ]
                    }),
                "skipped_others": .integer(Int64(resolution.skippedOthers)),
                "context_results": .list(resolution.contextResults.map { ConfigValue($0) }),
            ])
    }

    package static func explained(
        _ verdicts: [ModelVerdict], unready: Set<String> = [], question: String? = nil, allowsInProcess: Bool = false
    ) -> Report {
        var table = TextTable("BACKEND", "TYPE", "STATE", "MODEL", "VERDICT", "WHY")
        for verdict in verdicts {
            let isUnready = verdict.backendState == .started && unready.contains(verdict.backend)
            table.append(
                verdict.backend, verdict.type, isUnready ? "UNREADY" : verdict.backendState.description,
                verdict.modelState.description,
                verdict.decision.description, verdict.message.inOneLine)
        }
        let first = verdicts.first { $0.decision != .skip }
        let answer = first?.backend
        let isRefused = first?.type == "LOCAL" && !allowsInProcess
        let condition = isRefused ? " with --allow-in-process, and without it resolve and use fail" : ""
        let question = question.map { "; \($0)" } ?? ""
        let last = answer.map { "the answer would come from \($0)\(condition)" } ?? "no backend would answer\(question)"
        return Report(
            text: table.text + PlainText.escaped(last) + "\n",
            document: ["verdicts": .list(verdicts.map { ConfigValue($0) }), "backend": ConfigValue(answer)])
    }

    /// What stands in place of a time that is not known, with the same width.
    private static let noTime = "-" + String(repeating: " ", count: 23)

    /// A line after its time and the name of its instance.
    package static func logLine(_ line: LogLine, withTime: Bool = true) -> Report {
        let gap = line.isAfterGap ? "… lines are lost …\n" : ""
        let time = withTime ? (line.time?.description ?? noTime) + "  " : ""
        let words = "\(time)\(line.instance)  \(line.stream == .error ? "err" : "out")  \(line.text)"
        return Report(text: gap + PlainText.escaped(words) + "\n", document: ConfigValue(line))
    }
}

extension ModelEndpoint {
    /// The address, or IN_PROCESS for a model that has none.
    fileprivate var place: String { isInProcess ? "IN_PROCESS" : address }
}

extension Report {
    /// The models that could be loaded: the IDs, and patterns of IDs, that each backend serves by its configuration.
    package static func available(_ backends: [BackendDescription]) -> Report {
        var table = TextTable("MODEL", "BACKEND", "TYPE", "STATE")
        var documents: [ConfigValue] = []
        for backend in backends {
            for model in backend.models {
                table.append(model, backend.name, backend.type, backend.shownState)
                documents.append([
                    "model": .string(model), "backend": .string(backend.name), "type": .string(backend.type),
                    "backend_state": .string(backend.state.description),
                ])
            }
        }
        return Report(text: table.text, document: ["available": .list(documents)])
    }
}
