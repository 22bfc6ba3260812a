// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// One backend as its type makes it: whatever starts, stops, looks at runtime contexts and serves models.
///
/// An instance lives from the creation of its backend to the deletion. The registry calls `start` and `stop` one at a time,
/// never at once and never twice in a row without reason:
/// - `start` is called at rest. Where it throws, `stop` is called before the next `start`, to release what is left.
/// - `stop` is called for a started backend, and after a start that failed or was cancelled.
///
/// Both honour cancellation: a cancelled start gives up soon, a cancelled stop ends at once and with force.
///
/// Models are asked for only between the end of a start and the begin of the stop; calls that are under way then throw soon.
package protocol Backend: Sendable {
    /// Starts with the effective configuration, which its type's schema has checked, and returns once it serves.
    ///
    /// The configuration does not change before the next start. The supervisor hears about a breakdown, whenever it comes.
    func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError)

    /// Stops; returns once nothing is left.
    func stop() async throws(BackendError)

    /// Looks at the context of a request before its model is looked up. Called in every state, from any thread, so often that
    /// it must neither wait nor copy more than it needs.
    func handleRuntimeContext<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) -> ContextDisposition

    /// How many models it may have loaded together, by the configuration it was started with.
    var capacity: ModelCapacity { get }

    /// Which models it will serve once it is started with the configuration: read once, asked often.
    func served(configuration: ConfigValue) -> ServedModels

    /// How it serves a model. Must not wait; any thread may ask.
    func offer(of model: String) -> ModelOffer

    /// Loads a model that was offered as loadable, and returns once it serves. Called once at a time for a model, and not for one
    /// that is loaded. Where it throws nothing is left. A cancelled load gives up soon.
    func load(_ model: String) async throws(BackendError) -> ModelEndpoint

    /// Unloads a model, also one that broke down; returns once nothing is left of it. Cancelled, it ends at once and with force.
    func unload(_ model: String) async throws(BackendError)

    /// A client's call to the model failed: looks at once whether it is healthy, and begins a restart where it is not.
    func examine(_ model: String) async throws(BackendError) -> FailureVerdict

    /// The directory where the model's server finds tuned prompts; nil where it has none.
    func promptDirectory(of model: String) -> String?

    /// What finds out how much its processes use, which takes too long for a loop; nil where that was done just now, or there are
    /// none.
    func measuring() -> (@Sendable () -> Void)?

    /// The processes it runs, by name, with what they used when they were measured last. Must not wait.
    func instances() -> [InstanceSnapshot]

    /// Where the output of its processes can be read, by name, or of that of one model; also of those that have ended, in this run of
    /// the daemon or an earlier one, as far as it is kept.
    func logs(of model: String?) async -> [any LogSource]

    /// It was deleted, at rest: nothing of it is asked for again, and what it has left on the disk goes. Must not wait.
    func deleted()
}

extension Backend {
    package var capacity: ModelCapacity { ModelCapacity() }

    package func served(configuration: ConfigValue) -> ServedModels { .any }

    package func load(_ model: String) async throws(BackendError) -> ModelEndpoint {
        throw .notLoadable(model)
    }

    package func unload(_ model: String) async throws(BackendError) {}

    package func examine(_ model: String) async throws(BackendError) -> FailureVerdict { .healthy }

    package func promptDirectory(of model: String) -> String? { nil }

    package func measuring() -> (@Sendable () -> Void)? { nil }

    package func instances() -> [InstanceSnapshot] { [] }

    package func logs(of model: String?) async -> [any LogSource] { [] }

    package func deleted() {}
}
