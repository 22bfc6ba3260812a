// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import SystemIO
internal import TextKeys

/// Supervised model servers: one for all models, or one per model.
package final class ProcessBackend: Backend, RunsProcesses {
    /// Turns the configuration of a type into settings.
    package typealias Reading = @Sendable (ConfigValue) throws(BackendError) -> ProcessSettings

    private struct State {
        var settings: ProcessSettings?
        var supervisor: BackendSupervisor?
        /// The instances that run, by name.
        var running: TextMap<ProcessInstance> = [:]
        /// What an earlier daemon has left, by instance, until it is taken over.
        var recovered: TextMap<RecoveredRun> = [:]
        /// The logs of all instances, also of those that have ended.
        var logs = InstanceLogs()
        /// Whether ``logs`` includes those of earlier runs of the daemon.
        var areLogsRecovered = false
    }

    /// How many logs of instances are kept, with their files.
    private static let logLimit = 128

    private let name: String
    private let supervision: Supervision
    private let spawner: ProcessSpawner
    private let liveKeys: LiveKeys
    private let reading: Reading
    private let state = Guarded(State())
    private let tasks = OwnedTasks()

    /// Without a `spawner`, the supervision's host runs the processes.
    package init(
        name: String, supervision: Supervision, spawner: ProcessSpawner? = nil, liveKeys: LiveKeys = .none,
        reading: @escaping Reading
    ) {
        self.name = name
        self.supervision = supervision
        self.spawner = spawner ?? supervision.spawner
        self.liveKeys = liveKeys
        self.reading = reading
    }

    // MARK: Starting and stopping

    package func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError) {
        let settings = try settings(configuration)
        state.withLock { ($0.settings, $0.supervisor) = (settings, supervisor) }
        takeRecovered(settings)
        guard settings.scope == .backend else { return }
        _ = try await launch(nil, settings, supervisor)
    }

    /// With a digest of what needs a restart.
    private func settings(_ configuration: ConfigValue) throws(BackendError) -> ProcessSettings {
        var settings = try reading(configuration)
        settings.digest = liveKeys.rest(of: configuration).json(pretty: false).digest
        return settings
    }

    package func endsWithDaemon(_ configuration: ConfigValue) -> Bool {
        // It was checked before.
        (try? reading(configuration))?.onDaemonExit == .end
    }

    package func reconfigure(_ configuration: ConfigValue) {
        // It was checked before.
        guard let settings = try? settings(configuration) else { return }
        let running = state.withLock { state -> [ProcessInstance] in
            guard state.settings != nil else { return [] }
            state.settings = settings
            return Array(state.running.values)
        }
        // The others go on as they were started, until they are started again.
        for instance in running where instance.settings.digest == settings.digest { instance.reconfigure(settings) }
    }

    package func stop() async throws(BackendError) {
        let (running, recovered) = state.withLock { state in
            state.settings = nil
            defer { state.recovered = [:] }
            return (Array(state.running.values), Array(state.recovered.values))
        }
        await withTaskGroup(of: Void.self) { group in
            for instance in running { group.addTask { await self.remove(instance) } }
            group.addTask { await self.supervision.end(recovered) }
        }
    }

    package func handleRuntimeContext<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) -> ContextDisposition {
        .ignored
    }

    // MARK: Models

    package var capacity: ModelCapacity { state.withLock { $0.settings?.models.capacity } ?? ModelCapacity() }

    package func served(configuration: ConfigValue) -> ServedModels {
        guard let settings = try? reading(configuration) else { return .none }
        let names = settings.models.names
        return ServedModels(settings.hasAddress ? names : [], patterns: names) { Self.refusal(of: $0, settings) }
    }

    private static func refusal(of model: String, _ settings: ProcessSettings) -> ServedModels.Refusal? {
        guard settings.models.serves(model) else { return .notServed }
        return settings.hasAddress ? nil : .addressMissing
    }

    package func offer(of model: String) -> ModelOffer {
        let (settings, instance) = state.withLock { ($0.settings, $0.running[name]) }
        guard let settings else { return .unavailable(.backendNotStarted(name)) }
        switch Self.refusal(of: model, settings) {
        case .notServed: return .notServed
        case let refusal?: return .declined(refusal.error(model, name))
        case nil: break
        }
        switch settings.scope {
        case .model: return .loadable(settings.models.rules(for: model))
        case .backend:
            guard let endpoint = instance?.endpoint else { return .unavailable(notReady(instance)) }
            return .endpoint(endpoint, settings.models.rules(for: model))
        }
    }

    package func load(_ model: String) async throws(BackendError) -> ModelEndpoint {
        let (settings, supervisor) = state.withLock { ($0.settings, $0.supervisor) }
        guard let settings, let supervisor else { throw .backendNotStarted(name) }
        return try await launch(model, settings, supervisor)
    }

    package func unload(_ model: String) async throws(BackendError) {
        guard let instance = state.withLock({ $0.running[instanceName(model)] }) else { return }
        await remove(instance)
    }

    package func examine(_ model: String) async throws(BackendError) -> FailureVerdict {
        let instance = state.withLock { $0.running[instanceName(model)] ?? $0.running[name] }
        return await instance?.examine() ?? .notReady
    }

    package func promptDirectory(of model: String) -> String? {
        state.withLock { $0.settings?.promptDirectory }
    }

    package func measuring() -> (@Sendable () -> Void)? {
        let due = state.withLock { $0.running }.values.compactMap(\.measuring)
        guard !due.isEmpty else { return nil }
        return { for measure in due { measure() } }
    }

    package func instances() -> [InstanceSnapshot] {
        let (running, digest) = state.withLock { ($0.running, $0.settings?.digest) }
        return running.sorted().map { _, instance in
            var snapshot = instance.snapshot
            if let digest, let own = instance.digest { snapshot.isOutdated = own != digest }
            return snapshot
        }
    }

    package func restart(instance name: String) async throws(BackendError) {
        let running = state.withLock { $0.running }
        guard let instance = running[name] else {
            throw .instanceNotFound(name, self.name, of: running.sorted().map(\.value.name))
        }
        try await instance.restart()
    }

    package func retry() async throws(BackendError) -> Bool {
        let waiting = state.withLock { $0.running }.values.filter(\.isInBackoff)
        let results = await withTaskGroup(of: Result<Void, BackendError>.self) { group in
            for instance in waiting { group.addTask { await BackendRegistry.result(instance.retry) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for result in results { try result.get() }
        return !waiting.isEmpty
    }

    package func logs(of model: String?) async -> [any LogSource] {
        guard let model else {
            await recoverLogs()
            return state.withLock { $0.logs.all }.sorted { $0.instance.precedes($1.instance) }
        }
        let log = InstanceLog(instance: instanceName(model), model: model, supervision: supervision)
        let isLeft = await log.isOnDisk()
        let known = state.withLock { state -> InstanceLog? in
            if let known = state.logs.log(log.fileBase) { return known }
            guard isLeft, state.logs.count < Self.logLimit else { return nil }
            state.logs.use(log)
            return log
        }
        _ = try? await known?.recover()
        return known.map { [$0] } ?? []
    }

    /// Finds, once, the logs of earlier runs of the daemon for instances that this run has not had.
    private func recoverLogs() async {
        if state.withLock({ $0.areLogsRecovered }) { return }
        let left = await InstanceLog.left(ofBackend: name, on: supervision)
        let logs = state.withLock { state in
            state.areLogsRecovered = true
            let (known, others) = (state.logs.all, left.filter { state.logs.log($0.fileBase) == nil })
            // The logs of this run, and the newest of the others.
            state.logs = InstanceLogs()
            for log in others.suffix(max(0, Self.logLimit - known.count)) + known { state.logs.use(log) }
            return state.logs.all
        }
        for log in logs { _ = try? await log.recover() }
    }

    package func deleted() { InstanceLog.removeFiles(ofBackend: name, on: supervision) }

    private func notReady(_ instance: ProcessInstance?) -> BackendError {
        if let instance { return instance.notReady() }
        return BackendError(
            .unavailable, .instanceNotReady, "the process of backend \(name) is not ready now; try again",
            metadata: ["backend": name], retryAfter: .seconds(1))
    }

    // MARK: Earlier daemons

    /// Takes over the runs that an earlier daemon has left and that fit the configuration; the others are ended.
    private func takeRecovered(_ settings: ProcessSettings) {
        let runs = supervision.takeRecovered(of: name)
        let wanted = runs.filter { run in
            let note = run.note
            guard instanceName(note.model).isIdentical(to: note.instance) else { return false }
            switch (settings.scope, note.model) {
            case (.backend, nil): return true
            case (.model, let model?): return settings.models.serves(model)
            case (.backend, _?), (.model, nil): return false
            }
        }
        let names = Set(wanted.map { Array($0.note.instance.utf8) })
        let others = runs.filter { !names.contains(Array($0.note.instance.utf8)) }
        state.withLock { state in
            for run in wanted { state.recovered[run.note.instance] = run }
        }
        if !others.isEmpty { tasks.spawn { await self.supervision.end(others) } }
    }

    package var recoveredModels: [String] { state.withLock { $0.recovered.values.compactMap(\.note.model) } }

    // MARK: Instances

    private func instanceName(_ model: String?) -> String { model.map { "\(name)/\($0)" } ?? name }

    private func launch(
        _ model: String?, _ settings: ProcessSettings, _ supervisor: BackendSupervisor
    ) async throws(BackendError) -> ModelEndpoint {
        let instanceName = instanceName(model)
        let recovered = state.withLock { $0.recovered.removeValue(forKey: instanceName) }
        let instance = ProcessInstance(
            name: instanceName, model: model, backend: name, settings: settings, supervision: supervision,
            log: log(instanceName, model), spawner: spawner, recovered: recovered,
            listener: listener(model, supervisor))
        // A stop that came first has removed the settings.
        let isWanted = state.withLock { state in
            guard state.settings != nil, state.running[instanceName] == nil else { return false }
            state.running[instanceName] = instance
            return true
        }
        guard isWanted else { throw .backendNotStarted(name) }
        tasks.spawn { await instance.run() }
        do throws(BackendError) {
            return try await instance.waitUntilStarted()
        } catch {
            await remove(instance)
            throw error
        }
    }

    private func remove(_ instance: ProcessInstance) async {
        await instance.stop()
        state.withLock { state in
            if state.running[instance.name] === instance { state.running[instance.name] = nil }
        }
    }

    /// The log of an instance, continued from an earlier instance of the same name.
    private func log(_ instanceName: String, _ model: String?) -> InstanceLog {
        let (log, dropped) = state.withLock { state -> (InstanceLog, InstanceLog?) in
            if let log = state.logs.log(FileName.encoded(instanceName)), log.instance.isIdentical(to: instanceName) {
                state.logs.use(log)
                return (log, nil)
            }
            let log = InstanceLog(instance: instanceName, model: model, supervision: supervision)
            // A recovered log with the same files, which do not show the full name of the instance, is replaced.
            let isFull = state.logs.log(log.fileBase) == nil && state.logs.count >= Self.logLimit
            let dropped = isFull ? state.logs.removeFirst { state.running[$0.instance] == nil } : nil
            state.logs.use(log)
            return (log, dropped)
        }
        dropped?.removeFiles()
        return log
    }

    private func listener(_ model: String?, _ supervisor: BackendSupervisor) -> ProcessInstance.Listener {
        ProcessInstance.Listener(
            changed: { supervisor.instanceChanged($0) },
            moved: { endpoint in
                if let model { supervisor.modelMoved(model, endpoint) }
            },
            gaveUp: { failure in
                if let model {
                    supervisor.modelFailed(model, failure)
                } else {
                    supervisor.failed(failure)
                }
            })
    }
}

extension BackendType {
    /// `PROCESS`: supervised model servers on this host.
    package static func process(on supervision: Supervision) -> BackendType {
        BackendType(
            name: "PROCESS", summary: "Starts, watches, restarts and stops model servers on this host.",
            schema: ProcessSettings.schema, definitionID: "backendd.ProcessBackend",
            check: { ProcessSettings.problems(in: $0) },
            warnings: { ProcessSettings.warnings(in: $0, on: supervision) },
            places: { ProcessSettings.places(in: $0) }, ports: { ProcessSettings.ports(in: $0) },
            runsProcesses: { _ in true }, liveKeys: ProcessSettings.liveKeys,
            canRoll: { ProcessSettings.canRoll(from: $0, to: $1) },
            make: { name in
                ProcessBackend(name: name, supervision: supervision, liveKeys: ProcessSettings.liveKeys) {
                    configuration throws(BackendError) in
                    try ProcessSettings(configuration: configuration, of: name)
                }
            })
    }
}
