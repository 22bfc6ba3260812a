// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsClient
internal import ConfigDocument
internal import TextKeys

// The shapes of the JSON and YAML output. They follow the messages of `backends.v1`: names in snake_case, enum values
// without their prefix, times as RFC 3339 text. What is not set is null.

extension ConfigValue {
    init(_ value: ConfigurationValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let value): self = .numeric(value) ?? .null
        case .string(let value): self = .string(value)
        case .list(let elements): self = .list(elements.map { ConfigValue($0) })
        case .map(let members): self = .map(members.mapValues { ConfigValue($0) })
        }
    }

    init(_ number: Int) { self = .integer(Int64(number)) }

    init(_ sequence: UInt64) { self = .integer(Int64(clamping: sequence)) }

    init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    init(_ moment: Timestamp?) { self.init(moment?.description) }

    init(_ state: BackendState?) { self.init(state?.description) }

    init(_ failure: BackendFailure?) {
        self = failure.map { ["reason": .string($0.reason.rawValue), "message": .string($0.message)] } ?? .null
    }

    init(_ holder: StartLockHolder?) {
        self = holder.map { ["pid": .integer(Int64($0.pid)), "uid": .integer(Int64($0.uid))] } ?? .null
    }

    init(_ hold: BackendHold?) {
        self =
            hold.map {
                ["pid": .integer(Int64($0.pid)), "uid": .integer(Int64($0.uid)), "time": ConfigValue($0.time)]
            } ?? .null
    }

    init(_ origins: [ConfigurationOrigin]) {
        self = .list(origins.map { ["path": .string($0.path), "layer": .string($0.layer.rawValue)] })
    }

    /// `origins` is present only if it was asked for.
    init(_ backend: BackendDescription, withOrigins: Bool = false) {
        var members: TextMap<ConfigValue> = [
            "name": .string(backend.name), "type": .string(backend.type),
            "priority": .integer(Int64(backend.priority)), "state": ConfigValue(backend.state),
            "started": .bool(backend.isStarted), "generation": ConfigValue(backend.generation),
            "failure": ConfigValue(backend.failure), "unready": ConfigValue(backend.unready),
            "config": ConfigValue(backend.config),
            "config_staged": .bool(backend.isConfigStaged), "create_time": ConfigValue(backend.createTime),
            "state_time": ConfigValue(backend.stateTime),
            "start_lock_holder": ConfigValue(backend.startLockHolder),
            "start": .string(backend.start.description), "after": .list(backend.after.map { .string($0) }),
            "enabled": .bool(backend.isEnabled), "hold": ConfigValue(backend.hold),
            "instances": .list(backend.instances.map { ConfigValue($0) }),
        ]
        if withOrigins { members["origins"] = ConfigValue(backend.origins) }
        self = .map(members)
    }

    init(_ type: BackendTypeDescription) {
        self = [
            "name": .string(type.name), "summary": .string(type.summary),
            "config_schema": ConfigValue(type.configSchema),
        ]
    }

    init(_ info: ServerInfo) {
        self = [
            "version": .string(info.version), "server_instance": .string(info.run),
            "start_time": ConfigValue(info.startTime), "pid": .integer(Int64(info.pid)),
            "protocols": .list(info.protocols.map { .string($0) }), "socket_path": .string(info.socketPath),
            "connections": ConfigValue(info.connections), "backends": ConfigValue(info.backends),
            "sequence": ConfigValue(info.sequence), "input": ConfigValue(info.input),
            "output": ConfigValue(info.output), "lost_output_bytes": ConfigValue(info.lostOutputBytes),
        ]
    }

    init(_ budget: MemoryBudget) {
        self = [
            "bytes": ConfigValue(budget.bytes), "limit_bytes": ConfigValue(budget.limitBytes),
            "refusals": ConfigValue(budget.refusals),
        ]
    }

    init(_ error: BackendClientError) {
        self = [
            "code": .string(error.code.description), "reason": ConfigValue(error.reason?.rawValue),
            "message": .string(error.message),
        ]
    }

    init(_ result: ContextResult) {
        var status = ConfigValue.null
        if case .failed(let error) = result.outcome { status = ConfigValue(error) }
        self = ["backend": .string(result.backend), "outcome": .string(result.outcome.word), "status": status]
    }

    init(_ event: DaemonEvent) {
        switch event {
        case .snapshot(let snapshot):
            self = [
                "snapshot": [
                    "server_instance": .string(snapshot.position.run),
                    "sequence": ConfigValue(snapshot.position.sequence),
                    "backends": .list(snapshot.backends.map { ConfigValue($0) }),
                    "models": .list(snapshot.models.map { ConfigValue($0) }),
                ]
            ]
        case .change(let change):
            self = [
                "change": [
                    "sequence": ConfigValue(change.position.sequence),
                    "server_instance": .string(change.position.run), "time": ConfigValue(change.time),
                    "backend": .string(change.backend), "old_state": ConfigValue(change.oldState),
                    "new_state": ConfigValue(change.newState), "generation": ConfigValue(change.generation),
                    "cause": .string(change.cause.rawValue), "failure": ConfigValue(change.failure),
                    "hold": ConfigValue(change.hold),
                ]
            ]
        case .instance(let change):
            self = ["instance": ConfigValue(change)]
        case .model(let change):
            self = ["model": ConfigValue(change)]
        case .gap(let gap):
            self = ["gap": ["from": ConfigValue(gap.first), "to": ConfigValue(gap.last)]]
        }
    }
}

extension ContextResult.Outcome {
    var word: String {
        switch self {
        case .handled: "HANDLED"
        case .ignored: "IGNORED"
        case .failed: "FAILED"
        case .other(let number): "OUTCOME_\(number)"
        }
    }
}

/// The text of durations.
package enum DurationText {
    /// Returns the text of protobuf's JSON: seconds with no, three, six or nine digits after the point.
    package static func json(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = (attoseconds / 1_000_000_000).magnitude
        let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
        var digits = String(nanoseconds)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.hasSuffix("000") { digits.removeLast(3) }
        return "\(sign)\(seconds.magnitude)\(digits.isEmpty ? "" : ".")\(digits)s"
    }
}
