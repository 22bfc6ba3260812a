// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Checks a running instance until its task is cancelled: by its probes, and by which process listens at its address.
struct InstanceProbing: Sendable {
    /// The most descriptors that a probe needs. A failure without them says nothing about the instance.
    private static let descriptorsOfProbe = 8

    let settings: ProcessSettings
    let launch: LaunchedInstance
    let log: InstanceLog
    let supervision: Supervision
    let tree: @Sendable () -> (any ProcessTree)?
    let report: @Sendable (InstanceMachine.ProbeKind, ProbeResult) -> Void

    /// The place that the endpoint's address stands for; nil when it may be on another host.
    var place: ListeningPlace? { ListeningPlace(address: launch.endpoint.address) }

    /// Probes once per period and reports each result. A startup probe ends with its first success.
    func keepProbing(_ kind: InstanceMachine.ProbeKind, _ probe: Probe) async {
        if case .logLine = probe.kind { return await waitForLine(kind, probe) }
        // The first probe does not wait when it decides whether the instance is ready.
        let decides = kind == .startup || (kind == .readiness && settings.policy.awaitsReadiness)
        if !decides { _ = try? await supervision.clock.sleep(for: probe.period) }
        var check = listenerCheck(probe)
        var addressCheck = kind == .liveness ? nil : addressCheck(besides: probe)
        while !Task.isCancelled {
            var result = await result(of: probe, &check)
            if result == .success { result = await presence(&addressCheck) }
            if reportIfMeaningful(kind, result), kind == .startup, result == .success { return }
            _ = try? await supervision.clock.sleep(for: probe.period)
        }
    }

    /// Checks once per period, in place of a readiness probe, whether the instance still listens at its address.
    func keepCheckingAddress(at place: ListeningPlace, every period: Duration) async {
        var check: ListenerCheck? = ListenerCheck(place, on: supervision)
        while (try? await supervision.clock.sleep(for: period)) != nil, !Task.isCancelled {
            _ = reportIfMeaningful(.readiness, await presence(&check))
        }
    }

    /// Checks the address for clients; nil when the probe connects to it anyway, or when no check is wanted.
    private func addressCheck(besides probe: Probe) -> ListenerCheck? {
        guard settings.listenerPeriod != nil, probe.requiresOwnListener, let place,
            place != probe.place(on: launch.target)
        else { return nil }
        return ListenerCheck(place, on: supervision)
    }

    private func presence(_ check: inout ListenerCheck?) async -> ProbeResult {
        await check?.presence(in: tree(), isOwn: settings.startupProbe?.requiresOwnListener ?? true) ?? .success
    }

    /// Reports a result, unless it says nothing about the instance: the probe was cancelled, or the daemon is out of descriptors.
    private func reportIfMeaningful(_ kind: InstanceMachine.ProbeKind, _ result: ProbeResult) -> Bool {
        guard isMeaningful(result) else { return false }
        report(kind, result)
        return true
    }

    private func isMeaningful(_ result: ProbeResult) -> Bool {
        !Task.isCancelled && (result == .success || ProcessInformation.canOpenDescriptors(Self.descriptorsOfProbe))
    }

    /// Probes once; nil when the result says nothing about the instance.
    func result(of probe: Probe) async -> ProbeResult? {
        var (check, addressCheck) = (listenerCheck(probe), addressCheck(besides: probe))
        var result = await result(of: probe, &check)
        if result == .success { result = await presence(&addressCheck) }
        return isMeaningful(result) ? result : nil
    }

    private func listenerCheck(_ probe: Probe) -> ListenerCheck? {
        guard probe.requiresOwnListener else { return nil }
        return probe.place(on: launch.target).map { ListenerCheck($0, on: supervision) }
    }

    /// A success only if the probe succeeds, and what it connected to is a process of the instance.
    private func result(of probe: Probe, _ check: inout ListenerCheck?) async -> ProbeResult {
        let result = await ProbeRunner(supervision: supervision).run(probe, on: launch.target)
        guard result == .success else { return result }
        return check?.ownership(in: tree()) ?? .success
    }

    private func waitForLine(_ kind: InstanceMachine.ProbeKind, _ probe: Probe) async {
        guard await log.hasText(where: { probe.kind.matches($0) }) else { return }
        var check = kind == .liveness ? nil : addressCheck(besides: probe)
        while !Task.isCancelled {
            let result = await presence(&check)
            if reportIfMeaningful(kind, result), result == .success { break }
            _ = try? await supervision.clock.sleep(for: probe.period)
        }
        // The line does not go away, but the instance may stop listening.
        guard kind == .readiness, check != nil, let place, let period = settings.listenerPeriod else { return }
        await keepCheckingAddress(at: place, every: period)
    }
}
