// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import SystemIO
import TestSupport

/// A backend of processes at work, and what it tells.
final class ProcessFixture: Sendable {
    let backend: any Backend
    let host: BackendHost
    let directory: TemporaryDirectory
    let reports = Recorder<String>()
    private let type: BackendType

    init(
        _ type: BackendType, _ host: BackendHost, _ directory: TemporaryDirectory, _ backend: (any Backend)? = nil
    ) {
        self.type = type
        self.host = host
        self.directory = directory
        self.backend = backend ?? type.make("b")
    }

    /// Starts it with a configuration, which its type has to find valid.
    func start(_ configuration: ConfigValue) async throws {
        let layers = try ConfigLayers(type: type, base: configuration)
        let reports = reports
        let supervisor = BackendSupervisor { report in
            switch report {
            case .failed(let failure): reports.append("failed \(failure.reason)")
            case .modelFailed(let model, let failure): reports.append("model \(model) failed \(failure.reason)")
            case .modelMoved(let model, let endpoint):
                reports.append("model \(model) \(endpoint == nil ? "away" : "there")")
            case .instanceChanged(let change):
                let (old, new) = (change.oldState.map { "\($0)" } ?? "-", change.newState.map { "\($0)" } ?? "-")
                reports.append("\(change.instance) \(old) \(new)" + (change.failure.map { " \($0.reason)" } ?? ""))
            }
        }
        try await backend.start(configuration: layers.effective, supervisor: supervisor)
    }

    /// Waits until this was told so many times.
    func told(_ words: String, times: Int = 1) async {
        await reports.wait(where: { told in told.count { $0 == words } >= times })
    }

    var pid: Int32? { backend.instances().first?.pid }
}

/// Runs a test with a backend, which is stopped afterwards.
func withProcesses(
    _ type: (BackendHost) -> BackendType = { .process(on: $0) }, _ body: (ProcessFixture) async throws -> Void
) async throws {
    try await withHost { host, directory in
        let fixture = ProcessFixture(type(host), host, directory)
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
