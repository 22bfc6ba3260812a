// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument

extension Report {
    package static func reloaded(_ plan: ReloadPlan, isDryRun: Bool) -> Report {
        var backends = TextTable("NAME", "CHANGE", "APPLY", "WHAT", "NOTES", leavesOutEmpty: true)
        for backend in plan.backends {
            backends.append(
                backend.name, backend.kind.words, backend.apply?.words ?? "", backend.paths.joined(separator: " "),
                backend.notes.joined(separator: "; "))
        }
        var keys = TextTable("KEY", "CHANGE")
        for key in plan.keys {
            keys.append(key.path, key.needsRestart ? "needs a restart of the daemon" : "changed")
        }
        let tables = [plan.backends.isEmpty ? nil : backends.text, plan.keys.isEmpty ? nil : keys.text]
        let text = tables.compactMap(\.self).joined(separator: "\n")
        return Report(
            text: text.isEmpty ? "the configuration file has no backends, and no key has changed\n" : text,
            document: [
                "dry_run": .bool(isDryRun), "backends": .list(plan.backends.map(\.document)),
                "keys": .list(
                    plan.keys.map { ["path": .string($0.path), "needs_restart": .bool($0.needsRestart)] }),
            ])
    }
}

extension ReloadPlan.Backend {
    fileprivate var notes: [String] {
        var notes: [String] = []
        if let lockHolder { notes.append("waits for the start lock of pid \(lockHolder.pid)") }
        if !droppedOwners.isEmpty { notes.append("drops the layers of \(droppedOwners.joined(separator: ", "))") }
        return notes
    }

    fileprivate var document: ConfigValue {
        [
            "name": .string(name), "kind": .string(kind.description),
            "apply": ConfigValue(apply?.description), "paths": .list(paths.map { .string($0) }),
            "lock_holder": ConfigValue(lockHolder), "dropped_owners": .list(droppedOwners.map { .string($0) }),
        ]
    }
}

extension ReloadPlan.Kind {
    fileprivate var words: String { description.lowercased().replacing("_", with: " ") }
}

extension ReloadPlan.Apply {
    fileprivate var words: String { description.lowercased().replacing("_", with: " ") }
}
