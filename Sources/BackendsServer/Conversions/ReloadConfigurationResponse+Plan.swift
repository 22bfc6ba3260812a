// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC

extension ReloadConfigurationResponse {
    init(_ plan: ReloadPlan) {
        self.init(
            backends: plan.steps.map { step in
                BackendReload(
                    name: step.name, kind: ReloadKind(step.kind),
                    apply: step.apply.map { BackendsAPI.ReloadApply($0) } ?? .unspecified, paths: step.paths,
                    lockHolder: step.lockHolder.map { StartLockHolder(pid: $0.pid, uid: $0.uid) },
                    droppedOwners: step.droppedOwners)
            },
            keys: plan.keys.map { DaemonKeyReload(path: $0.path, needsRestart: $0.needsRestart) })
    }
}

extension ReloadKind {
    fileprivate init(_ kind: ReloadPlan.Kind) {
        switch kind {
        case .added: self = .added
        case .removed: self = .removed
        case .changed: self = .changed
        case .needsRestart: self = .needsRestart
        case .unchanged: self = .unchanged
        }
    }
}

extension BackendsAPI.ReloadApply {
    init(_ apply: Backends.ReloadApply) {
        switch apply {
        case .now: self = .now
        case .nextStart: self = .nextStart
        case .rolling: self = .rolling
        }
    }
}
