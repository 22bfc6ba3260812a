// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A dispatch that waits for a backend. Resume it exactly once.
package struct PendingDispatch: Sendable {
    let registry: BackendRegistry
    var run: ContextRun
    var work: ContextRun.Work
    /// Nil where no backend follows.
    let context: OwnedRuntimeContext?

    /// Waits for the backend and goes on with those behind it, one after the other.
    ///
    /// Each has the context timeout, then it counts as failed. Cancelling gives up at once. Throws where the dispatch is strict
    /// and a backend fails.
    package consuming func resume() async throws(BackendError) -> [ContextResult] {
        while true {
            try run.record(await registry.finish(work, of: run.currentBackend))
            guard let context, let next = try run.advance(context) else { return run.results }
            work = next
        }
    }
}
