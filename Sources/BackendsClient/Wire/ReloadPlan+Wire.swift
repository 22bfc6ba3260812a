// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsAPI

extension ReloadPlan {
    init(_ response: ReloadConfigurationResponse) {
        self.init(
            backends: response.backends.map { backend in
                Backend(
                    name: backend.name, kind: Kind(backend.kind), apply: Apply(backend.apply), paths: backend.paths,
                    lockHolder: backend.lockHolder.map { StartLockHolder(pid: $0.pid, uid: $0.uid) },
                    droppedOwners: backend.droppedOwners)
            },
            keys: response.keys.map { Key(path: $0.path, needsRestart: $0.needsRestart) })
    }
}

extension ReloadPlan.Kind {
    fileprivate init(_ kind: ReloadKind) {
        switch kind {
        case .unspecified: self = .other(0)
        case .added: self = .added
        case .removed: self = .removed
        case .changed: self = .changed
        case .needsRestart: self = .needsRestart
        case .unchanged: self = .unchanged
        case .unrecognized(let number): self = .other(number)
        }
    }
}

extension ReloadPlan.Apply {
    /// Nil for UNSPECIFIED.
    init?(_ apply: ReloadApply) {
        switch apply {
        case .unspecified: return nil
        case .now: self = .now
        case .nextStart: self = .nextStart
        case .rolling: self = .rolling
        case .unrecognized(let number): self = .other(number)
        }
    }
}
