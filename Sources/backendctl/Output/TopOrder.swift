// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsClient

/// The order of the rows of ``ProcessTop``: names ascending, all others descending.
package enum TopOrder: String, CaseIterable, Sendable {
    case name, memory, cpu, uptime, restarts, uses

    /// Returns the processes of a backend in this order.
    func sorted(_ processes: [ProcessRow]) -> [ProcessRow] {
        sorted(processes, name: { $0.instance.name }, size: { size($0) })
    }

    /// Returns the backends, with their processes, in this order. The size of a backend is the sum of its processes,
    /// its age that of the oldest one.
    func sorted(_ backends: [(BackendDescription, [ProcessRow])]) -> [(BackendDescription, [ProcessRow])] {
        sorted(
            backends, name: { $0.0.name },
            size: { backend in
                let sizes = backend.1.map { size($0) }
                return self == .uptime ? sizes.max() ?? 0 : sizes.reduce(0, +)
            })
    }

    private func sorted<Row>(_ rows: [Row], name: (Row) -> String, size: (Row) -> Double) -> [Row] {
        guard self != .name else { return rows }
        return rows.sorted { left, right in
            let (first, second) = (size(left), size(right))
            return first == second ? name(left) < name(right) : first > second
        }
    }

    private func size(_ row: ProcessRow) -> Double {
        switch self {
        case .name: 0
        case .memory: Double(row.instance.residentBytes)
        case .cpu: row.share ?? 0
        case .uptime: row.uptime.map { $0 / .seconds(1) } ?? 0
        case .restarts: Double(row.instance.restarts)
        case .uses: Double(row.instance.uses)
        }
    }
}
