// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
package import TextKeys

/// What a backend runs as supervised processes, and how.
package struct ProcessSettings: Sendable {
    package enum Scope: String, Hashable, Sendable, CaseIterable {
        /// One process that serves every model.
        case backend
        /// One process per model.
        case model
    }

    package var scope: Scope
    package var command: [CommandTemplate]
    package var environment: TextMap<CommandTemplate> = [:]
    /// Variables whose values are read from these files.
    package var secretFiles: TextMap<String> = [:]
    /// Whether instances also get the daemon's environment.
    package var inheritsEnvironment = true
    package var workingDirectory: String?
    package var portRange: ClosedRange<UInt16> = 5800...6799
    /// Ports that the command names. They must be free before a start.
    package var fixedPorts: [UInt16] = []
    /// The address for clients; nil means the port or socket of the instance.
    package var address: CommandTemplate?
    package var startupProbe: Probe?
    package var readinessProbe: Probe?
    package var livenessProbe: Probe?
    /// The pause between checks whether an instance without a readiness probe listens at its address; nil means no checks.
    package var listenerPeriod: Duration? = .seconds(5)
    package var policy = InstancePolicy()
    package var stopSignal = "SIGTERM"
    package var stopTimeout = Duration.seconds(10)
    package var stopCommand: [CommandTemplate] = []
    package var onDaemonExit = DaemonExitPolicy.adopt
    /// The bytes after which a file of the output is rotated, and how many files are kept.
    package var logSize: Int64 = 8 << 20
    package var logFiles = 2
    package var limits = ProcessLimits()
    package var models: ModelSettings
    package var promptDirectory: String?
    /// A digest of the configuration that these settings come from.
    package var digest: UInt64 = 0

    package init(scope: Scope, command: [CommandTemplate], models: ModelSettings) {
        self.scope = scope
        self.command = command
        self.models = models
    }

    private var templates: [CommandTemplate] {
        let probes = [startupProbe, readinessProbe, livenessProbe].compactMap { $0 }
        return command + environment.values + stopCommand + (address.map { [$0] } ?? [])
            + probes.flatMap(\.templates)
    }

    private func uses(_ macro: TextKey) -> Bool { templates.contains { $0.macros.contains(macro) } }

    var stopSignalNumber: Signal { Signal(rawValue: Self.signals[stopSignal] ?? Signal.terminate.rawValue) }

    var usesPort: Bool { uses("PORT") }
    var usesSocket: Bool { uses("SOCKET") }
    /// Whether clients get an address.
    var hasAddress: Bool { usesPort || usesSocket || address != nil }

    /// The place of the address, when it has no macros and is on this host.
    private var fixedAddress: ListeningPlace? {
        guard let address, address.macros.isEmpty else { return nil }
        return (try? address.expanded([:], environment: [:])).flatMap { ListeningPlace(address: $0) }
    }

    /// The places, beside the given port and socket, where an instance at `target` listens. No other process may listen there.
    func fixedPlaces(address: String, target: ProbeTarget) -> Set<ListeningPlace> {
        let probes = [startupProbe, readinessProbe, livenessProbe].compactMap { $0 }
        var places = Set(fixedPorts.map { ListeningPlace.port($0) })
        places.formUnion(probes.filter(\.requiresOwnListener).compactMap { $0.place(on: target) })
        if startupProbe?.requiresOwnListener ?? true, let place = ListeningPlace(address: address) {
            places.insert(place)
        }
        if let port = target.port { places = Set(places.flatMap(\.parts)).filter { !$0.includes(reservedPort: port) } }
        if let socket = target.socket { places.remove(.socket(socket)) }
        return places
    }

    /// The configured startup probe, or else one that fits the readiness probe, the port, the socket or the address.
    var effectiveStartupProbe: Probe? {
        if let startupProbe { return startupProbe }
        let kind: Probe.Kind
        switch (usesPort, usesSocket, fixedAddress?.probe) {
        case _ where readinessProbe != nil:
            guard var probe = readinessProbe else { return nil }
            (probe.period, probe.timeout, probe.failures) = (.seconds(1), .seconds(5), 1)
            return probe
        case (true, _, _): kind = .tcp(port: nil)
        case (false, true, _): kind = .unix(path: nil)
        case (false, false, let probe?): kind = probe
        case (false, false, nil): return nil
        }
        return Probe(kind, period: .milliseconds(100), timeout: .seconds(5), failures: 1)
    }

    /// How many probes wait for a text in the output.
    var searches: Int {
        [effectiveStartupProbe, readinessProbe, livenessProbe].count { probe in
            if case .logLine = probe?.kind { true } else { false }
        }
    }
}

extension Probe {
    /// The parts of its command that are expanded.
    fileprivate var templates: [CommandTemplate] {
        guard case .exec(let command) = kind else { return [] }
        return command.compactMap { try? CommandTemplate(parsing: $0) }
    }
}
