// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Which backends the daemon starts when it starts itself, and in which order.
///
/// A value: the ends of starts go in, starts come out. Each backend starts as soon as all backends that it comes after have been started
/// or have failed; those that are free to start at the same time do so in priority order. A backend that is not started at boot is
/// not waited for.
package struct BootPlan: Equatable, Sendable {
    package struct Step: Equatable, Sendable {
        package let name: String
        /// The backends that it comes after and that were not started.
        package let missing: [String]
    }

    private struct Member: Equatable, Sendable {
        let name: String
        let after: [String]
    }

    /// Those that have not begun, in priority order.
    private var waiting: [Member]
    private var underway: Set<String> = []
    private var failed: Set<String> = []

    /// Plans the boot of backends, given in priority order.
    package init(_ entries: [BackendEntry]) {
        let chosen = entries.filter { $0.start == .boot && $0.refusal(by: .boot) == nil }
        let names = Set(chosen.map(\.name))
        waiting = chosen.map { entry in Member(name: entry.name, after: entry.after.filter(names.contains)) }
    }

    package var isFinished: Bool { waiting.isEmpty && underway.isEmpty }

    /// The starts that can begin now.
    package mutating func next() -> [Step] {
        let open = Set(waiting.map(\.name)).union(underway)
        let ready = waiting.filter { $0.after.allSatisfy { !open.contains($0) } }
        waiting.removeAll { ready.contains($0) }
        underway.formUnion(ready.map(\.name))
        return ready.map { Step(name: $0.name, missing: $0.after.filter(failed.contains)) }
    }

    /// The start of a backend has ended.
    package mutating func ended(_ name: String, isStarted: Bool) -> [Step] {
        guard underway.remove(name) != nil else { return [] }
        if !isStarted { failed.insert(name) }
        return next()
    }
}
