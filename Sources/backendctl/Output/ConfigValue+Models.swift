// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsClient
internal import ConfigDocument

extension ConfigValue {
    init(_ endpoint: ModelEndpoint) {
        self = [
            "kind": .string(endpoint.isInProcess ? "IN_PROCESS" : "ADDRESS"),
            "address": endpoint.isInProcess ? .null : .string(endpoint.address),
            "backend": .string(endpoint.backend),
            "instance": ConfigValue(endpoint.instance),
            "tls": endpoint.tls.map {
                [
                    "ca_cert_file": ConfigValue($0.caCertFile), "client_cert_file": ConfigValue($0.clientCertFile),
                    "client_key_file": ConfigValue($0.clientKeyFile), "server_name": ConfigValue($0.serverName),
                ]
            } ?? .null,
        ]
    }

    init(_ model: ModelDescription) {
        self = [
            "model_id": .string(model.modelID), "backend": .string(model.backend),
            "state": .string(model.state.description), "failure": ConfigValue(model.failure),
            "unready": ConfigValue(model.unready),
            "endpoint": model.endpoint.map { ConfigValue($0) } ?? .null, "uses": ConfigValue(model.uses),
            "waiting": ConfigValue(model.waiting), "pinned": .bool(model.isPinned), "ttl": Self.text(model.ttl),
            "state_time": ConfigValue(model.stateTime), "load_duration": Self.text(model.loadDuration),
        ]
    }

    init(_ instance: InstanceDescription) {
        self = [
            "name": .string(instance.name), "model_id": ConfigValue(instance.modelID),
            "state": .string(instance.state.description),
            "pid": instance.pid.map { .integer(Int64($0)) } ?? .null, "address": ConfigValue(instance.address),
            "restarts": ConfigValue(instance.restarts), "start_time": ConfigValue(instance.startTime),
            "failure": ConfigValue(instance.failure), "rss_bytes": ConfigValue(instance.residentBytes),
            "cpu_time": Self.text(instance.processorTime), "uses": ConfigValue(instance.uses),
            "retry_time": ConfigValue(instance.retryTime), "log_failure": ConfigValue(instance.logFailure),
            "lost_output_bytes": .integer(Int64(instance.lostOutputBytes)), "outdated": .bool(instance.isOutdated),
        ]
    }

    init(_ verdict: ModelVerdict) {
        self = [
            "backend": .string(verdict.backend), "type": .string(verdict.type),
            "backend_state": .string(verdict.backendState.description),
            "model_state": .string(verdict.modelState.description), "verdict": .string(verdict.decision.description),
            "reason": ConfigValue(verdict.reason?.rawValue),
            "message": .string(verdict.message), "evicted": .list(verdict.evicted.map { .string($0) }),
        ]
    }

    init(_ line: LogLine) {
        self = [
            "instance": .string(line.instance), "stream": .string(line.stream == .error ? "STDERR" : "STDOUT"),
            "time": ConfigValue(line.time), "text": .string(line.text), "after_gap": .bool(line.isAfterGap),
        ]
    }

    init(_ change: InstanceChange) {
        self = [
            "sequence": ConfigValue(change.position.sequence), "server_instance": .string(change.position.run),
            "time": ConfigValue(change.time), "backend": .string(change.backend),
            "instance": .string(change.instance), "model_id": ConfigValue(change.modelID),
            "old_state": ConfigValue(change.oldState?.description),
            "new_state": ConfigValue(change.newState?.description),
            "pid": change.pid.map { .integer(Int64($0)) } ?? .null, "restarts": ConfigValue(change.restarts),
            "failure": ConfigValue(change.failure),
        ]
    }

    init(_ change: ModelChange) {
        self = [
            "sequence": ConfigValue(change.position.sequence), "server_instance": .string(change.position.run),
            "time": ConfigValue(change.time), "backend": .string(change.backend),
            "model_id": .string(change.modelID), "old_state": .string(change.oldState.description),
            "new_state": .string(change.newState.description), "cause": .string(change.cause.rawValue),
            "failure": ConfigValue(change.failure),
        ]
    }

    /// Returns a duration in the form of protobuf's JSON, such as `5.064s`; null for nil.
    private static func text(_ duration: Duration?) -> ConfigValue {
        ConfigValue(duration.map { DurationText.json($0) })
    }
}
