// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends

/// What a backend tells of its processes; nothing if it does not run any.
extension Backend {
    func instances() -> [InstanceSnapshot] { (self as? any RunsProcesses)?.instances() ?? [] }

    func logs(of model: String?) async -> [any LogSource] { await (self as? any RunsProcesses)?.logs(of: model) ?? [] }

    func measuring() -> (@Sendable () -> Void)? { (self as? any RunsProcesses)?.measuring() }
}
