// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends

/// What a backend tells of its processes; nothing if it does not run any.
extension Backend {
    func instances() -> [InstanceSnapshot] { (self as? any RunsProcesses)?.instances() ?? [] }

    func logs(of model: String?) async -> [any LogSource] { await (self as? any RunsProcesses)?.logs(of: model) ?? [] }

    func restart(instance: String) async throws(BackendError) {
        try await (self as? any RunsProcesses)?.restart(instance: instance)
    }

    func retry() async throws(BackendError) -> Bool { try await (self as? any RunsProcesses)?.retry() ?? false }

    func measuring() -> (@Sendable () -> Void)? { (self as? any RunsProcesses)?.measuring() }
}
