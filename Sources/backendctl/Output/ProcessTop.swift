// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument
internal import SystemIO
internal import TextKeys

/// The memory and processor time of the processes of all backends, reading after reading.
package struct ProcessTop: Sendable {
    /// The processor time of one process at one time.
    private struct Sample {
        let pid: Int32
        let processorTime: Duration
        let moment: Duration
    }

    private var samples: TextMap<Sample> = [:]
    private var groups: [(BackendDescription, [ProcessRow])] = []
    private var time: Timestamp?

    package init() {}

    /// Takes in a reading.
    ///
    /// The share of the processor counts from the last reading, in the first reading from the start of the process.
    ///
    /// - Parameters:
    ///   - backends: The backends as the daemon has just described them.
    ///   - moment: The time on a monotonic clock.
    ///   - now: The time of day.
    package mutating func take(_ backends: [BackendDescription], at moment: Duration, now: Timestamp) {
        groups = backends.map { backend in
            (backend, backend.instances.map { ProcessRow($0, share: share(of: $0, at: moment, now: now), now: now) })
        }
        samples = Self.samples(groups.flatMap(\.1), at: moment)
        time = now
    }

    /// Returns a table of the last reading: one row per backend, and one per process unless it has the name of its
    /// backend.
    ///
    /// - Parameters:
    ///   - order: The order of the backends, and of the processes of each.
    ///   - host: The host to show above the table; nil: none.
    ///   - columns: The width of the table; nil: any.
    /// - Returns: The table, and the same as a document.
    package func report(order: TopOrder = .name, host: HostStatus? = nil, columns: Int? = nil) -> Report {
        var table = TextTable(
            "NAME", "STATE", "READY", "PID", "MEMORY", "CPU", "UPTIME", "RESTARTS", "USES", "WHY", leavesOutEmpty: true)
        var documents: [ConfigValue] = []
        for (backend, processes) in order.sorted(groups.map { ($0, order.sorted($1)) }) {
            for row in ProcessRow.rows(backend, processes) { table.append(row) }
            documents.append([
                "name": .string(backend.name), "state": .string(backend.state.description),
                "instances": .list(processes.map(\.document)),
            ])
        }
        let header = host.map { $0.header(backends: groups.count, groups.flatMap(\.1)) + "\n" } ?? ""
        return Report(
            text: header + table.text(columns: columns),
            document: ["time": ConfigValue(time), "backends": .list(documents)])
    }

    private static func samples(_ processes: [ProcessRow], at moment: Duration) -> TextMap<Sample> {
        var samples: TextMap<Sample> = [:]
        for process in processes {
            guard let pid = process.instance.pid else { continue }
            samples[process.instance.name] = Sample(
                pid: pid, processorTime: process.instance.processorTime, moment: moment)
        }
        return samples
    }

    /// Returns the number of processors that a process uses: 0.5 is half of one; nil if there is no process.
    private func share(of instance: InstanceDescription, at moment: Duration, now: Timestamp) -> Double? {
        guard let pid = instance.pid else { return nil }
        if let sample = samples[instance.name], sample.pid == pid, sample.moment < moment {
            return max(0, (instance.processorTime - sample.processorTime) / (moment - sample.moment))
        }
        guard let start = instance.startTime, start < now else { return 0 }
        return instance.processorTime / now.since(start)
    }
}

extension Timestamp {
    static var now: Timestamp {
        let now = WallClock.now
        return Timestamp(seconds: now.seconds, nanoseconds: now.nanoseconds)
    }

    /// Returns the time that is `duration` before this one.
    package func before(_ duration: Duration) -> Timestamp {
        let moment = Duration.seconds(seconds) + .nanoseconds(nanoseconds) - duration
        let (seconds, rest) = (moment.components.seconds, moment.components.attoseconds / 1_000_000_000)
        return rest < 0
            ? Timestamp(seconds: seconds - 1, nanoseconds: Int32(rest + 1_000_000_000))
            : Timestamp(seconds: seconds, nanoseconds: Int32(rest))
    }

    /// Returns how long after another time this one is, at most ten thousand years.
    func since(_ other: Timestamp) -> Duration {
        let limit: Int64 = 315_576_000_000
        let (seconds, isOver) = seconds.subtractingReportingOverflow(other.seconds)
        let whole = isOver ? (other.seconds < 0 ? limit : -limit) : min(max(seconds, -limit), limit)
        return .seconds(whole) + .nanoseconds(nanoseconds) - .nanoseconds(other.nanoseconds)
    }
}
