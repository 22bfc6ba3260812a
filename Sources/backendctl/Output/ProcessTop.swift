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

    package init() {}

    /// A table of this reading: one row a backend, and one for each of its processes where they are not the same.
    ///
    /// The processor's share is that since the last reading, and since the process was started in the first one.
    ///
    /// - Parameters:
    ///   - backends: As the daemon told them just now.
    ///   - moment: The time on a clock that is not set.
    ///   - now: The time of day.
    ///   - order: That of the backends, and of the processes of each.
    ///   - host: Told above the table where it is given.
    ///   - columns: How wide the table may be; nil for any width.
    /// - Returns: The table, and the same as a document.
    package mutating func report(
        _ backends: [BackendDescription], at moment: Duration, now: Timestamp, order: TopOrder = .name,
        host: HostStatus? = nil, columns: Int? = nil
    ) -> Report {
        var table = TextTable(
            "NAME", "STATE", "READY", "PID", "MEMORY", "CPU", "UPTIME", "RESTARTS", "USES", "WHY", leavesOutEmpty: true)
        let groups = backends.map { backend in
            let processes = backend.instances.map {
                ProcessRow($0, share: share(of: $0, at: moment, now: now), now: now)
            }
            return (backend, order.sorted(processes))
        }
        let processes = groups.flatMap(\.1)
        samples = Self.samples(processes, at: moment)
        var documents: [ConfigValue] = []
        for (backend, processes) in order.sorted(groups) {
            for row in ProcessRow.rows(backend, processes) { table.append(row) }
            documents.append([
                "name": .string(backend.name), "state": .string(backend.state.description),
                "instances": .list(processes.map(\.document)),
            ])
        }
        let header = host.map { $0.header(backends: backends.count, processes) + "\n" } ?? ""
        return Report(
            text: header + table.text(columns: columns),
            document: ["time": ConfigValue(now), "backends": .list(documents)])
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

    /// How long after another moment this one is.
    func since(_ other: Timestamp) -> Duration {
        Duration.seconds(seconds) - .seconds(other.seconds) + .nanoseconds(nanoseconds)
            - .nanoseconds(other.nanoseconds)
    }
}
