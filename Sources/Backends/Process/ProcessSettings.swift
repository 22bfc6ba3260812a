// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a backend of supervised processes runs, and how.
package struct ProcessSettings: Sendable {
    package enum Scope: String, Hashable, Sendable, CaseIterable {
        /// One process that serves every model.
        case backend
        /// One process for each model.
        case model
    }

    package var scope: Scope
    package var command: [CommandTemplate]
    package var environment: [String: CommandTemplate] = [:]
    /// Variables whose values are the contents of files.
    package var secretFiles: [String: String] = [:]
    /// Whether instances get the daemon's own environment.
    package var inheritsEnvironment = true
    package var workingDirectory: String?
    package var portRange: ClosedRange<UInt16> = 5800...6799
    /// Ports that its command names: they must be free before a start.
    package var fixedPorts: [UInt16] = []
    /// Where clients reach an instance; nil: by its port or socket.
    package var address: CommandTemplate?
    package var startupProbe: Probe?
    package var readinessProbe: Probe?
    package var livenessProbe: Probe?
    package var policy = InstancePolicy()
    package var stopSignal = "SIGTERM"
    package var stopTimeout = Duration.seconds(10)
    package var stopCommand: [CommandTemplate] = []
    package var limits = ProcessLimits()
    package var models: ModelSettings
    package var promptDirectory: String?

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

    private func uses(_ macro: String) -> Bool { templates.contains { $0.macros.contains(macro) } }

    var usesPort: Bool { uses("PORT") }
    var usesSocket: Bool { uses("SOCKET") }

    /// The startup probe of the configuration, or the one that fits what an instance has.
    var effectiveStartupProbe: Probe? {
        if let startupProbe { return startupProbe }
        let kind: Probe.Kind
        switch (readinessProbe?.kind, usesPort, usesSocket) {
        case (let kind?, _, _): return Probe(kind, period: .seconds(1), timeout: .seconds(5), failures: 1)
        case (nil, true, _): kind = .tcp(port: nil)
        case (nil, false, true): kind = .unix(path: nil)
        case (nil, false, false): return nil
        }
        return Probe(kind, period: .milliseconds(100), timeout: .seconds(5), failures: 1)
    }
}

extension Probe {
    /// What is expanded in its command.
    fileprivate var templates: [CommandTemplate] {
        guard case .exec(let command) = kind else { return [] }
        return command.compactMap { try? CommandTemplate(parsing: $0) }
    }
}
