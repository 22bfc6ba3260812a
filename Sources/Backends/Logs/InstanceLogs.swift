// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

/// The logs of the instances that a backend has or has had, by the names of their files; the most recently used at the end.
struct InstanceLogs: Sendable {
    private var recency = RecencyList<InstanceLog>()
    private var places: TextMap<Int> = [:]

    var count: Int { recency.count }

    /// All logs, the most recently used at the end.
    var all: [InstanceLog] { Array(recency) }

    func log(_ fileBase: String) -> InstanceLog? { places[fileBase].flatMap { recency[$0] } }

    /// Moves a log to the end, in place of one with the same files.
    mutating func use(_ log: InstanceLog) {
        if let place = places[log.fileBase] {
            recency.renew(place, as: log)
        } else {
            places[log.fileBase] = recency.append(log)
        }
    }

    /// Removes the least recently used log that fits.
    mutating func removeFirst(where fits: (InstanceLog) -> Bool) -> InstanceLog? {
        guard let first = recency.first(where: fits), let place = places.removeValue(forKey: first.fileBase) else {
            return nil
        }
        return recency.remove(place)
    }
}
