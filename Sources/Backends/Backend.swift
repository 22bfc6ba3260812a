// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// One backend as its type makes it: whatever starts, stops and looks at runtime contexts.
///
/// An instance lives from the creation of its backend to the deletion. The registry calls `start` and `stop` one at a time,
/// never at once and never twice in a row without reason:
/// - `start` is called at rest. Where it throws, `stop` is called before the next `start`, to release what is left.
/// - `stop` is called for a started backend, and after a start that failed or was cancelled.
///
/// Both honour cancellation: a cancelled start gives up soon, a cancelled stop ends at once and with force.
package protocol Backend: Sendable {
    /// Starts with the effective configuration, which its type's schema has checked, and returns once it serves.
    ///
    /// The configuration does not change before the next start. The supervisor hears about a breakdown, whenever it comes.
    func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError)

    /// Drains and stops; returns once nothing is left.
    func stop() async throws(BackendError)

    /// Looks at the context of a request before its model is looked up. Called in every state, from any thread, so often that
    /// it must neither wait nor copy more than it needs.
    func handleRuntimeContext<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) -> ContextDisposition
}
