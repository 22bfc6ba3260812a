// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A resolution that waits. Resume it exactly once.
package struct PendingResolution: Sendable {
    let registry: BackendRegistry
    let walk: ModelWalk
    /// Where the walk stands.
    let step: ModelWalk.Step

    /// Does what the request allows and waits for it; goes on with the next backend where that fails.
    ///
    /// A backend that is started for the request is handed its context then. Cancelling gives up the wait at once; what had begun
    /// goes on.
    package consuming func resume(
        with context: OwnedRuntimeContext? = nil
    ) async throws(BackendError) -> ResolvedModel {
        let registry = registry
        return try await registry.follow(walk, from: step, context) {
            (step, walk) async throws(BackendError) -> ResolvedModel? in
            switch step {
            case .found(let target, let endpoint, _):
                return ResolvedModel(backend: target.name, endpoint: endpoint, skipped: walk.skipped)
            case .wait(let target, let wait):
                return try await registry.prepare(target, wait, for: walk.request).map {
                    ResolvedModel(backend: target.name, endpoint: $0, skipped: walk.skipped)
                }
            case .exhausted:
                return nil
            }
        }
    }
}
