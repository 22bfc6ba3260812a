// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument
internal import SystemIO

/// What the processes of all backends take, reading after reading.
package struct ProcessTop: Sendable {
    /// The processor time of one process at a moment.
    private struct Sample {
        let pid: Int32
        let processorTime: Duration
        let moment: Duration
    }

    private var samples: [String: Sample] = [:]

    package init() {}

    /// A table of this reading: one row a backend, and one for each of its processes where they are not the same.
    ///
    /// The processor's share is that since the last reading, and since the process was started in the first one.
    ///
    /// - Parameters:
    ///   - backends: As the daemon told them just now.
    ///   - moment: The time on a clock that is not set.
    ///   - now: The time of day.
    /// - Returns: The table, and the same as a document.
    package mutating func report(
        _ backends: [BackendDescription], at moment: Duration, now: Timestamp
    ) -> Report {
        var table = TextTable("NAME", "STATE", "READY", "PID", "MEMORY", "CPU", "UPTIME", "RESTARTS", "USES")
        var newSamples: [String: Sample] = [:]
        var documents: [ConfigValue] = []
        for backend in backends {
            let processes = backend.instances.map { instance in
                let share = share(of: instance, at: moment, now: now)
                if let pid = instance.pid {
                    newSamples[instance.name] = Sample(
                        pid: pid, processorTime: instance.processorTime, moment: moment)
                }
                return ProcessRow(instance, share: share, now: now)
            }
            for row in ProcessRow.rows(backend, processes) { table.append(row) }
            documents.append([
                "name": .string(backend.name), "state": .string(backend.state.description),
                "instances": .list(processes.map(\.document)),
            ])
        }
        samples = newSamples
        return Report(text: table.text, document: ["time": ConfigValue(now), "backends": .list(documents)])
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
