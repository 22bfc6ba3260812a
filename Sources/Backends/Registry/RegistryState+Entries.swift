// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension RegistryState {
    /// In priority order.
    var ordered: [BackendEntry] { order.compactMap { entries[$0] } }

    /// After the last backend, in steps of 10.
    var nextPriority: Int32 {
        guard let last = order.last.flatMap({ entries[$0] })?.priority else { return 0 }
        let (next, isOver) = last.addingReportingOverflow(10)
        return isOver ? .max : next
    }

    mutating func insert(_ entry: BackendEntry) {
        let position = order.firstIndex { entries[$0].map(entry.precedes) ?? false } ?? order.endIndex
        order.insert(entry.name, at: position)
        entries[entry.name] = entry
        configurationBytes += entry.layers.bytes
    }

    mutating func remove(_ name: String) -> BackendEntry? {
        guard let entry = entries.removeValue(forKey: name) else { return nil }
        order.removeAll { $0 == name }
        configurationBytes -= entry.layers.bytes
        return entry
    }
}
