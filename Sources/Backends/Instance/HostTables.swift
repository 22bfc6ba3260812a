// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// The processes and the listening sockets of this host, read at most once per second, however many instances ask.
package final class HostTables: Sendable {
    private static let lifetime = Duration.seconds(1)

    private let clock: any BackendClock
    private let known = Guarded<(time: Duration, processes: [ProcessTable.Entry])?>(nil)
    private let listening = Guarded<[ListeningTable.Family: (time: Duration, table: ListeningTable)]>([:])

    init(clock: any BackendClock) {
        self.clock = clock
    }

    /// The processes, read again if one that runs was not there at the last time.
    package func processes(with pid: Int32) throws(SystemError) -> [ProcessTable.Entry] {
        let now = clock.uptime()
        if let known = known.withLock({ $0 }), now - known.time < Self.lifetime,
            known.processes.contains(where: { $0.pid == pid })
        {
            return known.processes
        }
        let entries = try ProcessTable.read()
        known.withLock { $0 = (now, entries) }
        return entries
    }

    /// Nil when the system does not show the sockets.
    func listeningSockets(_ family: ListeningTable.Family) -> ListeningTable? {
        let now = clock.uptime()
        if let known = listening.withLock({ $0[family] }), now - known.time < Self.lifetime { return known.table }
        guard let table = ListeningTable(family) else { return nil }
        listening.withLock { $0[family] = (now, table) }
        return table
    }
}
