// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsClient
internal import ConfigDocument
internal import TextKeys

/// One process in the table of ``ProcessTop``.
struct ProcessRow: Sendable {
    let instance: InstanceDescription
    /// The number of processors that it uses: 0.5 is half of one; nil if there is no process.
    let share: Double?
    let uptime: Duration?

    init(_ instance: InstanceDescription, share: Double?, now: Timestamp) {
        self.instance = instance
        self.share = share
        uptime = instance.pid == nil ? nil : instance.startTime.map { now.since($0) }
    }

    var document: ConfigValue {
        guard case .map(var members) = ConfigValue(instance) else { return .null }
        members["cpu_percent"] = share.flatMap { .numeric(($0 * 1000).rounded() / 10) } ?? .null
        return .map(members)
    }

    /// Returns the rows of a backend: its own, and below it those of its processes, unless its only process has its
    /// name.
    static func rows(_ backend: BackendDescription, _ processes: [ProcessRow]) -> [[String]] {
        if let only = processes.first, processes.count == 1, only.instance.name == backend.name {
            return [only.cells(name: backend.name, state: shown(backend, only))]
        }
        let (count, ready) = (processes.count, processes.count { $0.instance.state == .ready })
        let own: [String]
        if processes.isEmpty {
            own = [backend.name, backend.shownState, "", "", "", "", "", "", "", backend.trouble ?? ""]
        } else {
            own = [
                backend.name, backend.shownState, "\(ready)/\(count)", "",
                bytes(processes.reduce(0) { $0 &+ $1.instance.residentBytes }),
                percent(processes.reduce(0) { $0 + ($1.share ?? 0) }), "",
                String(processes.reduce(0) { $0 + $1.instance.restarts }),
                String(processes.reduce(0) { $0 + $1.instance.uses }), backend.failure?.line ?? "",
            ]
        }
        return [own]
            + processes.map { process in
                process.cells(
                    name: "  " + (process.instance.modelID ?? process.instance.name),
                    state: process.instance.state.description)
            }
    }

    /// Returns the state of the only process if it does not serve although the backend is started.
    private static func shown(_ backend: BackendDescription, _ only: ProcessRow) -> String {
        backend.unready == nil ? backend.state.description : only.instance.state.description
    }

    /// Why it does not serve, with the time of the next start, or why its output is not kept.
    private var trouble: String? {
        let retry = instance.retryTime.map { "to be started again at \($0)" }
        let failure = instance.state == .ready ? nil : instance.failure?.line
        let words = [retry, failure, instance.logFailure?.line].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }

    private func cells(name: String, state: String) -> [String] {
        [
            name, state, instance.state == .ready ? "yes" : "no", instance.pid.map { String($0) } ?? "",
            instance.pid == nil ? "" : Self.bytes(instance.residentBytes), share.map { Self.percent($0) } ?? "",
            uptime.map { Self.time($0) } ?? "", String(instance.restarts), String(instance.uses),
            trouble ?? "",
        ]
    }

    /// `812K`, `13.2M`, `1.5G`.
    static func bytes(_ count: Int) -> String {
        var (value, unit) = (Double(count) / 1024, 0)
        while value >= 1000, unit < 3 { (value, unit) = (value / 1024, unit + 1) }
        let text = unit == 0 || value >= 100 ? String(Int(value.rounded())) : String((value * 10).rounded() / 10)
        return text + ["K", "M", "G", "T"][unit]
    }

    static func percent(_ share: Double) -> String {
        "\((share * 1000).rounded() / 10)%"
    }

    /// `42s`, `3m07s`, `2h05m`, `4d02h`.
    static func time(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
        return if days > 0 {
            "\(days)d\(two(hours % 24))h"
        } else if hours > 0 {
            "\(hours)h\(two(minutes % 60))m"
        } else if minutes > 0 {
            "\(minutes)m\(two(seconds % 60))s"
        } else {
            "\(seconds)s"
        }
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }
}
