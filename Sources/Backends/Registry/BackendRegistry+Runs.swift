// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

/// The tasks that start and stop backends.
extension BackendRegistry {
    func start(
        _ run: BackendLifecycle.RunID, of entry: BackendEntry, cleanUpFirst: Bool
    ) -> Task<Void, Never> {
        let (name, creation, backend) = (entry.name, entry.creation, entry.backend)
        let (configuration, models) = (entry.layers.effective, entry.models)
        let supervisor = BackendSupervisor { [weak self, weak models] report in
            switch report {
            case .failed(let failure):
                self?.report(name, creation) { $0.failureReported(run: run, failure: failure) }
            case .instanceChanged(let change):
                if let model = change.model {
                    models?.step { (pool: inout ModelPool, _) in
                        pool.unreadyBecause(change.unready, model)
                        return []
                    }
                }
                self?.reportInstance(change, name, creation)
            case .modelFailed(let model, let failure):
                models?.step { (pool: inout ModelPool, now) in pool.brokeDown(model, failure, at: now) }
            case .modelMoved(let model, let endpoint):
                models?.step { (pool: inout ModelPool, now) in pool.moved(model, to: endpoint, at: now) }
            }
        }
        return runs.spawn {
            var failure: BackendError?
            do throws(BackendError) {
                if cleanUpFirst { try await backend.stop() }
                if Task.isCancelled { throw .callerCancelled }
                try await backend.start(configuration: configuration, supervisor: supervisor)
            } catch {
                failure = error
            }
            let error = failure
            self.report(name, creation) { $0.startFinished(run: run, error: error) }
        }
    }

    func stop(_ run: BackendLifecycle.RunID, of entry: BackendEntry) -> Task<Void, Never> {
        let (name, creation, backend, models) = (entry.name, entry.creation, entry.backend, entry.models)
        return runs.spawn {
            // Uses may end by themselves before the backend is stopped under them.
            await models.waitUntilUnused()
            var failure: BackendError?
            do throws(BackendError) {
                try await backend.stop()
            } catch {
                failure = error
            }
            let error = failure
            self.report(name, creation) { $0.stopFinished(run: run, error: error) }
        }
    }

    private func reportInstance(_ change: InstanceChange, _ name: String, _ creation: UInt64) {
        withStep { state, outbox in
            guard state.entries[name]?.creation == creation else { return }
            if change.model == nil { state.entries[name]?.unready = change.unready }
            let event = InstanceEvent(time: clock.now(), backend: name, change: change)
            events.append(.instance(event), to: &outbox.events)
        }
    }

    /// Tells the lifecycle of a backend what happened, unless that backend is gone.
    private func report(
        _ name: String, _ creation: UInt64, _ event: (inout BackendLifecycle) -> [BackendLifecycle.Action]
    ) {
        withStep { state, outbox in
            guard let index = state.entries.index(forKey: name), state.entries.values[index].creation == creation
            else { return }
            let actions = event(&state.entries.values[index].lifecycle)
            carryOut(actions, on: name, &state, &outbox)
        }
    }
}
