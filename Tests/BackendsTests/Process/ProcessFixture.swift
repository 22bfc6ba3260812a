// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import SystemIO
import TestSupport

/// A backend of processes, and what it reports.
final class ProcessFixture: Sendable {
    let backend: any Backend
    let supervision: Supervision
    let directory: TemporaryDirectory
    let reports = Recorder<String>()
    private let type: BackendType

    init(
        _ type: BackendType, _ supervision: Supervision, _ directory: TemporaryDirectory,
        _ backend: (any Backend)? = nil
    ) {
        self.type = type
        self.supervision = supervision
        self.directory = directory
        self.backend = backend ?? type.make("b")
    }

    /// Starts the backend with a configuration that is valid for its type.
    func start(_ configuration: ConfigValue) async throws {
        let layers = try BackendConfiguration(type: type, base: configuration)
        let reports = reports
        let supervisor = BackendSupervisor { report in
            switch report {
            case .failed(let failure): reports.append("failed \(failure.reason)")
            case .modelFailed(let model, let failure): reports.append("model \(model) failed \(failure.reason)")
            case .modelMoved(let model, let endpoint):
                reports.append("model \(model) \(endpoint == nil ? "away" : "there")")
            case .routeLearned(let route): reports.append("route \(route.model)")
            case .instanceChanged(let change):
                let (old, new) = (change.oldState.map { "\($0)" } ?? "-", change.newState.map { "\($0)" } ?? "-")
                reports.append("\(change.instance) \(old) \(new)" + (change.failure.map { " \($0.reason)" } ?? ""))
            }
        }
        try await backend.start(configuration: layers.effective, supervisor: supervisor)
    }

    /// Waits until this was reported `times` times.
    func told(_ words: String, times: Int = 1) async {
        await reports.wait(where: { told in told.count { $0 == words } >= times })
    }

    var pid: Int32? { backend.instances().first?.pid }
}

/// Runs a test with a backend, and stops the backend afterwards.
func withProcesses(
    _ type: (Supervision) -> BackendType = { .process(on: $0) }, _ body: (ProcessFixture) async throws -> Void
) async throws {
    try await withSupervision { supervision, directory in
        let fixture = ProcessFixture(type(supervision), supervision, directory)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(fixture))
        } catch {
            result = .failure(error)
        }
        try await fixture.backend.stop()
        try result.get()
    }
}
