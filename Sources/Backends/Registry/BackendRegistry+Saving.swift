// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

extension BackendRegistry {
    /// Waits until what was decided about a backend so far is saved.
    ///
    /// - Throws: `STATE_NOT_SAVED` if it cannot be saved now. The decision stays, and is saved as soon as that is possible.
    package func waitUntilSaved(_ name: String) async throws(BackendError) {
        guard let store, let point = store.savePoint(of: .backend(name)), let fault = await store.saved(point) else {
            return
        }
        throw .stateNotSaved(name, fault)
    }

    /// Refuses what would make the list of unsaved changes longer while the store is full of them.
    func requireRoomInStore(for name: String) throws(BackendError) {
        guard let store, !store.hasRoom else { return }
        throw BackendError(
            .resourceExhausted, .stateNotSaved,
            "cannot create backend \(name): too many changes wait to be saved; the daemon's log says why",
            metadata: ["backend": name], retryAfter: .seconds(10))
    }

    /// Tells a caller what became of its command, once that is saved.
    func answer(
        _ command: PendingCommand, _ result: Result<BackendOutcome, BackendError>, after point: SavePoint?
    ) {
        whenSaved(command.saving == .ignored ? nil : point) { fault in
            guard let fault, command.saving == .required, case .success(let outcome) = result else {
                command.reply.set(result)
                return
            }
            command.reply.set(.failure(.stateNotSaved(outcome.backend.name, fault)))
        }
    }

    /// Goes on at once if there is nothing to wait for.
    func whenSaved(_ point: SavePoint?, _ then: @escaping @Sendable (StateFault?) -> Void) {
        guard let store, let point else { return then(nil) }
        store.whenSaved(point, then)
    }

    /// Keeps a route of a backend that has not been stopped meanwhile. No caller waits for it.
    func keep(_ route: LearnedRoute, of name: String, _ creation: UInt64) {
        guard let store, store.hasRoom else { return }
        let isKept = driven.withLock { driven in
            guard let entry = driven.registry.entries[name], entry.creation == creation,
                entry.state == .starting || entry.state == .started
            else { return false }
            driven.routed.insert(name)
            let configuration = driven.startedWith[name] ?? 0
            store.keep(.route(SavedRoute(route: route, configuration: configuration), backend: name))
            return true
        }
        if isKept { store.save() }
    }

    /// Under the lock: the backend starts. Takes out the routes that the last run has learned, if it had the same configuration.
    func savedRoutes(of name: String, under configuration: ConfigValue, _ driven: inout Driven) -> [LearnedRoute] {
        guard store != nil else { return [] }
        let digest = configuration.json(pretty: false).digest
        let routes = driven.savedRoutes.removeValue(forKey: name) ?? []
        let isSame = routes.allSatisfy { $0.configuration == digest }
        if !isSame { forgetRoutes(of: name, &driven) }
        driven.startedWith[name] = digest
        return isSame ? routes.map(\.route) : []
    }

    /// Under the lock: the backend stops or is gone.
    func forgetRoutes(of name: String, _ driven: inout Driven) {
        (driven.savedRoutes[name], driven.startedWith[name]) = (nil, nil)
        if driven.routed.remove(name) != nil { store?.keep(.routesForgotten(backend: name)) }
    }

    /// Keeps the numbers that were really given, so that the next run goes on behind them, and not behind the reserved blocks.
    func keepMarks() {
        guard let store else { return }
        let token = driven.withLock { $0.registry.newestToken }
        store.keep(.mark(.lockToken, token))
        store.keep(.mark(.eventSequence, events.newest))
        store.save()
    }
}

extension BackendError {
    /// The change is in effect but not on the disk.
    static func stateNotSaved(_ name: String, _ fault: StateFault) -> BackendError {
        BackendError(
            .internal, .stateNotSaved,
            "the change of backend \(name) is in effect but not saved: \(fault); it is saved as soon as that is possible, and lost if"
                + " the daemon ends before",
            metadata: ["backend": name])
    }
}
