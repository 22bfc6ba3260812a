// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import BackendsClient
internal import ConfigDocument
internal import SystemIO

/// The host that the processes run on.
package struct HostStatus: Hashable, Sendable {
    package let name: String
    package let uptime: Duration?

    package init(name: String, uptime: Duration?) {
        self.name = name
        self.uptime = uptime
    }

    /// The current status of this host; its name is `localhost` if the kernel has none.
    static var current: HostStatus {
        let name = ProcessInformation.hostName
        let seconds = line("/proc/uptime")?.split(separator: " ").first.flatMap { Double($0) }
        return HostStatus(name: name.isEmpty ? "localhost" : name, uptime: seconds.map { .seconds($0) })
    }

    private static func line(_ path: String) -> String? {
        guard let bytes = try? File.read(path: path, limit: 4096) else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Returns the line above the table: `host, up 3h09m, 4 backends, 3 processes, 2.6G, 25.0%`.
    func header(backends: Int, _ processes: [ProcessRow]) -> String {
        let running = processes.filter { $0.instance.pid != nil }
        let parts = [
            PlainText.escaped(name), uptime.map { "up \(ProcessRow.time($0))" },
            "\(backends) \(backends == 1 ? "backend" : "backends")",
            "\(running.count) \(running.count == 1 ? "process" : "processes")",
            ProcessRow.bytes(running.reduce(0) { $0 &+ $1.instance.residentBytes }),
            ProcessRow.percent(running.reduce(0) { $0 + ($1.share ?? 0) }),
        ]
        return parts.compactMap(\.self).joined(separator: ", ") + "\n"
    }
}
