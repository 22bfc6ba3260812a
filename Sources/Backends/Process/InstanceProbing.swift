// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Looks at a running instance until its task is cancelled: by its probes, and at who listens where clients are told to go.
struct InstanceProbing: Sendable {
    /// How many descriptors a probe takes at most; without them it says nothing of the instance.
    private static let descriptorsOfProbe = 8

    let settings: ProcessSettings
    let launch: InstanceLaunch
    let log: InstanceLog
    let host: BackendHost
    let tree: @Sendable () -> ChildTree?
    let report: @Sendable (InstanceMachine.ProbeKind, ProbeResult) -> Void

    /// Where clients are told to go, if that is on this host.
    var place: ListeningPlace? { ListeningPlace(address: launch.endpoint.address) }

    func keepProbing(
        _ kind: InstanceMachine.ProbeKind, _ probe: Probe
    ) async {
        if case .logLine = probe.kind { return await waitForLine(kind, probe) }
        // The first look comes at once where it decides whether the instance is ready.
        let decides = kind == .startup || (kind == .readiness && settings.policy.awaitsReadiness)
        if !decides { _ = try? await host.clock.sleep(for: probe.period) }
        var look = listenerLook(probe)
        var addressLook = kind == .liveness ? nil : addressLook(besides: probe)
        while !Task.isCancelled {
            var result = await result(of: probe, &look)
            if result == .success { result = await presence(&addressLook) }
            if tell(kind, result), kind == .startup, result == .success { return }
            _ = try? await host.clock.sleep(for: probe.period)
        }
    }

    /// Looks whether the instance still listens where clients reach it, as no readiness probe does.
    func keepLooking(at place: ListeningPlace, every period: Duration) async {
        var look: ListenerLook? = ListenerLook(place, on: host)
        while (try? await host.clock.sleep(for: period)) != nil, !Task.isCancelled {
            _ = tell(.readiness, await presence(&look))
        }
    }

    /// A look at the address that clients are told, where the probe does not connect to it.
    private func addressLook(besides probe: Probe) -> ListenerLook? {
        guard settings.listenerPeriod != nil, probe.requiresOwnListener, let place,
            place != probe.place(on: launch.target)
        else { return nil }
        return ListenerLook(place, on: host)
    }

    private func presence(_ look: inout ListenerLook?) async -> ProbeResult {
        await look?.presence(in: tree(), isOwn: settings.startupProbe?.requiresOwnListener ?? true) ?? .success
    }

    /// Takes a result in, unless it says nothing of the instance: the look was cancelled, or the daemon had no descriptor left for it.
    private func tell(_ kind: InstanceMachine.ProbeKind, _ result: ProbeResult) -> Bool {
        guard isTelling(result) else { return false }
        report(kind, result)
        return true
    }

    private func isTelling(_ result: ProbeResult) -> Bool {
        !Task.isCancelled && (result == .success || ProcessInformation.canOpenDescriptors(Self.descriptorsOfProbe))
    }

    /// Looks once; nil where that says nothing of the instance.
    func result(of probe: Probe) async -> ProbeResult? {
        var (look, addressLook) = (listenerLook(probe), addressLook(besides: probe))
        var result = await result(of: probe, &look)
        if result == .success { result = await presence(&addressLook) }
        return isTelling(result) ? result : nil
    }

    private func listenerLook(_ probe: Probe) -> ListenerLook? {
        guard probe.requiresOwnListener else { return nil }
        return probe.place(on: launch.target).map { ListenerLook($0, on: host) }
    }

    /// What the probe says, and whether a process of the instance is what it has asked.
    private func result(of probe: Probe, _ look: inout ListenerLook?) async -> ProbeResult {
        let result = await ProbeRunner(host: host).run(probe, on: launch.target)
        guard result == .success else { return result }
        return look?.ownership(in: tree()) ?? .success
    }

    private func waitForLine(
        _ kind: InstanceMachine.ProbeKind, _ probe: Probe
    ) async {
        guard await log.hasText(where: { probe.kind.matches($0) }) else { return }
        var look = kind == .liveness ? nil : addressLook(besides: probe)
        while !Task.isCancelled {
            let result = await presence(&look)
            if tell(kind, result), result == .success { break }
            _ = try? await host.clock.sleep(for: probe.period)
        }
        // The line stays written; whether the instance listens may change.
        guard kind == .readiness, look != nil, let place, let period = settings.listenerPeriod else { return }
        await keepLooking(at: place, every: period)
    }
}
