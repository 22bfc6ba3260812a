// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument

/// A registry of scripted backends as a value, at one moment.
struct RegistryTranscript {
    static let now = Timestamp(seconds: 100)
    static let person = CallerIdentity(pid: 7, uid: 1)
    static let type = ScriptedBackends().type(named: "FAKE", contexts: .ignored)

    var registry: RegistryState
    private var lastCaller: UInt64 = 0

    init(limits: BackendLimits = BackendLimits()) {
        registry = RegistryState(limits: limits)
    }

    mutating func create(
        _ name: String, start: StartPolicy = .onDemand, after: [String] = [], priority: Int32? = nil,
        alongside others: Set<String> = []
    ) throws(BackendError) {
        let definition = BackendDefinition(
            name: name, type: "FAKE", priority: priority, start: start, after: after)
        _ = try registry.create(
            definition, type: Self.type, try BackendConfiguration(type: Self.type, base: [:]), alongside: others,
            at: Self.now)
    }

    /// What a command does, in words.
    @discardableResult
    mutating func submit(
        _ command: BackendCommand, on name: String = "a", _ options: StartLockOptions = StartLockOptions()
    ) throws(BackendError) -> [String] {
        lastCaller += 1
        return try registry.submit(command, on: name, by: CallerID(lastCaller), options, at: Self.now).actions.words
    }

    /// The end of the start or stop under way.
    mutating func finished(_ run: UInt64, _ name: String = "a", error: BackendError? = nil) throws {
        let creation = try registry.entry(name).creation
        _ = registry.startFinished(RunID(run), of: name, creation, error: error, at: Self.now)
        _ = registry.stopFinished(RunID(run), of: name, creation, error: error, at: Self.now)
    }

    /// In priority order.
    var entries: [BackendEntry] { registry.order.compactMap { registry.entries[$0] } }
}
