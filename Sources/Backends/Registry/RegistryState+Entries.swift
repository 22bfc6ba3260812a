// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension RegistryState {
    /// In priority order.
    var ordered: [BackendEntry] { ordered(first: order.count) }

    func ordered(first count: Int) -> [BackendEntry] { order.prefix(count).compactMap { entries[$0] } }

    /// After the last backend, in steps of 10.
    var nextPriority: Int32 {
        guard let last = order.last.flatMap({ entries[$0] })?.priority else { return 0 }
        let (next, isOver) = last.addingReportingOverflow(10)
        return isOver ? .max : next
    }

    mutating func insert(_ entry: BackendEntry) {
        order.insert(entry.name, at: place(of: entry.rank))
        entries[entry.name] = entry
        configurationBytes += entry.layers.bytes
    }

    mutating func remove(_ name: String) -> BackendEntry? {
        guard let entry = entries[name] else { return nil }
        order.remove(at: place(of: entry.rank))
        entries[name] = nil
        configurationBytes -= entry.layers.bytes
        return entry
    }

    /// The first place in the order that does not come before a rank.
    func place(of rank: ContextRoutes.Rank) -> Int {
        order.place { name in entries[name].map { $0.rank < rank } ?? false }
    }
}
