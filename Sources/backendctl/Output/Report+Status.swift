// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

extension Report {
    /// What people want to know about a backend first.
    package static func status(
        _ backend: BackendDescription, models: [ModelDescription], lines: [LogLine], now: Timestamp
    ) -> Report {
        var fields = FieldList()
        fields.append("backend", "\(backend.name), type \(backend.type)")
        fields.append(
            "state",
            (backend.unready == nil ? "" : "UNREADY, ") + backend.state.description + since(backend.stateTime, now))
        fields.append("start", backend.startText)
        fields.append("held", backend.hold?.text)
        fields.append("why", (backend.failure ?? backend.unready).map { "\($0.reason): \($0.message)" })
        fields.append("lock", backend.startLockHolder.map { "held by pid \($0.pid) of uid \($0.uid)" })
        fields.append("staged", backend.isConfigStaged ? "a patch waits for the next start" : nil)
        for instance in backend.instances { fields.append("process", words(instance, now)) }
        for model in models {
            let place = model.endpoint.flatMap { $0.address.isEmpty ? nil : " at \($0.address)" } ?? ""
            let failure = (model.failure ?? model.unready).map { ", \($0.reason): \($0.message)" } ?? ""
            fields.append(
                "model",
                "\(model.modelID) \(model.state)\(since(model.stateTime, now))\(place), \(model.uses) uses\(failure)")
        }
        let log = lines.map { Report.logLine($0).text }.joined()
        return Report(
            text: fields.text + (log.isEmpty ? "" : "log:\n" + log),
            document: [
                "backend": ConfigValue(backend), "models": .list(models.map { ConfigValue($0) }),
                "lines": .list(lines.map { ConfigValue($0) }),
            ])
    }

    private static func words(_ instance: InstanceDescription, _ now: Timestamp) -> String {
        let pid = instance.pid.map { ", pid \($0)" } ?? ""
        let start = instance.pid == nil ? nil : instance.startTime
        let time = start.map { ", started at \($0) (\(ProcessRow.time(now.since($0))) ago)" } ?? ""
        let place = instance.address.map { ", \($0)" } ?? ""
        let lead = instance.isEndOfFailure ? ", last ended with" : ","
        let failure = instance.failure.map { "\(lead) \($0.reason): \($0.message)" } ?? ""
        let retry = instance.retryTime.map { ", to be started again at \($0)" } ?? ""
        let log = instance.logFailure.map { ", \($0.reason): \($0.message)" } ?? ""
        let outdated = instance.isOutdated ? ", outdated: restart it to use the changed configuration" : ""
        return
            "\(instance.name) \(instance.state)\(outdated)\(time)\(retry)\(pid)\(place), \(instance.restarts) restarts\(log)\(failure)"
    }

    private static func since(_ moment: Timestamp?, _ now: Timestamp) -> String {
        moment.map { " for \(ProcessRow.time(now.since($0))), since \($0)" } ?? ""
    }
}
