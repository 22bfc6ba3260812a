// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
import Testing
import backendctl

/// What a waiting command says, event for event.
@Suite struct ProgressLineTests {
    private static func instance(_ name: String, _ state: BackendsAPI.InstanceState, model: String = "") throws
        -> DaemonEvent
    {
        let backend = String(name.prefix { $0 != "/" })
        return try #require(
            DaemonEvent(.instance(InstanceEvent(backend: backend, instance: name, modelID: model, newState: state))))
    }

    private static func change(
        _ backend: String, _ old: BackendsAPI.BackendState, _ new: BackendsAPI.BackendState
    ) throws -> DaemonEvent {
        try #require(
            DaemonEvent(.change(BackendEvent(backend: backend, oldState: old, newState: new))))
    }

    private static func model(
        _ model: String, _ state: BackendsAPI.ModelState
    ) throws -> DaemonEvent {
        try #require(DaemonEvent(.model(ModelEvent(backend: "a", modelID: model, newState: state))))
    }

    @Test func `a start shows the states of the backend and its processes`() throws {
        var line = ProgressLine(.backend("a"))
        #expect(line.text(after: .milliseconds(2900), columns: 80) == "waiting 2s for a")
        #expect(line.take(try Self.change("a", .stopped, .starting)))
        #expect(line.text(after: .seconds(3), columns: 80) == "waiting 3s for a: a STARTING")
        #expect(line.take(try Self.instance("a", .backoff)))
        #expect(line.text(after: .seconds(3), columns: 80) == "waiting 3s for a: a BACKOFF")
        #expect(!line.take(try Self.instance("b", .ready)))
        #expect(!line.take(try Self.change("b", .starting, .started)))
        #expect(!line.take(try Self.model("m", .loading)))
        #expect(line.text(after: .seconds(3), columns: 80) == "waiting 3s for a: a BACKOFF")
    }

    @Test func `a load shows the model, its process, and the backend that starts for it`() throws {
        var line = ProgressLine(.model("m"))
        #expect(line.take(try Self.change("a", .stopped, .starting)))
        #expect(line.text(after: .seconds(1), columns: 80) == "waiting 1s for model m: a STARTING")
        #expect(line.take(try Self.model("m", .loading)))
        #expect(line.text(after: .seconds(1), columns: 80) == "waiting 1s for model m: m LOADING in a")
        #expect(line.take(try Self.instance("a/m", .starting, model: "m")))
        #expect(line.text(after: .seconds(1), columns: 80) == "waiting 1s for model m: a/m STARTING")
        #expect(!line.take(try Self.model("n", .loading)))
        #expect(!line.take(try Self.instance("a/n", .starting, model: "n")))
        #expect(!line.take(try Self.change("a", .started, .stopping)))
    }

    @Test func `the line fits the terminal and cannot control it`() {
        let line = ProgressLine(.model("x\u{1B}[2J"))
        #expect(line.text(after: .zero, columns: 80) == "waiting 0s for model x\\u{1b}[2J")
        #expect(line.text(after: .zero, columns: 12) == "waiting 0s ")
        #expect(line.text(after: .zero, columns: 0).isEmpty)
    }
}
