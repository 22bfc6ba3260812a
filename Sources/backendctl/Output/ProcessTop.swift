// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument
internal import SystemIO
internal import TextKeys

/// What the processes of all backends take, reading after reading.
package struct ProcessTop: Sendable {
    /// The processor time of one process at a moment.
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
    /// The processor's share is that since the last reading, and since the process was started in the first one.
    ///
    /// - Parameters:
    ///   - backends: As the daemon told them just now.
    ///   - moment: The time on a clock that is not set.
    ///   - now: The time of day.
    package mutating func take(_ backends: [BackendDescription], at moment: Duration, now: Timestamp) {
        groups = backends.map { backend in
            (backend, backend.instances.map { ProcessRow($0, share: share(of: $0, at: moment, now: now), now: now) })
        }
        samples = Self.samples(groups.flatMap(\.1), at: moment)
        time = now
    }

    /// A table of the last reading: one row per backend, and one for each of its processes where they are not the same.
    ///
    /// - Parameters:
    ///   - order: That of the backends, and of the processes of each.
    ///   - host: Told above the table where it is given.
    ///   - columns: How wide the table may be; nil for any width.
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

    /// In processors: 0.5 is half of one. Nil where there is no process.
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

    /// The moment that long before this one.
    package func before(_ duration: Duration) -> Timestamp {
        let moment = Duration.seconds(seconds) + .nanoseconds(nanoseconds) - duration
        let (seconds, rest) = (moment.components.seconds, moment.components.attoseconds / 1_000_000_000)
        return rest < 0
            ? Timestamp(seconds: seconds - 1, nanoseconds: Int32(rest + 1_000_000_000))
            : Timestamp(seconds: seconds, nanoseconds: Int32(rest))
    }

    /// How long after another moment this one is; at most ten thousand years, however far the other is from any real one.
    func since(_ other: Timestamp) -> Duration {
        let limit: Int64 = 315_576_000_000
        let (seconds, isOver) = seconds.subtractingReportingOverflow(other.seconds)
        let whole = isOver ? (other.seconds < 0 ? limit : -limit) : min(max(seconds, -limit), limit)
        return .seconds(whole) + .nanoseconds(nanoseconds) - .nanoseconds(other.nanoseconds)
    }
}
