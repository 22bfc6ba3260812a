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
        let configuration = entry.layers.effective
        let supervisor = BackendSupervisor { [weak self] report in
            switch report {
            case .failed(let failure):
                self?.report(name, creation) { $0.failureReported(run: run, failure: failure) }
            case .instanceChanged, .modelFailed, .modelMoved:
                break
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
        let (name, creation, backend) = (entry.name, entry.creation, entry.backend)
        return runs.spawn {
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
