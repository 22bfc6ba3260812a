// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// One backend as its type makes it: it starts, stops, looks at runtime contexts and serves models.
///
/// The object lives from the creation of its backend to the deletion. Calls of `start` and `stop` never overlap, and neither is
/// repeated without reason:
/// - `start` is called at rest. If it throws, `stop` is called before the next `start`, to release what is left.
/// - `stop` is called for a started backend, and after a start that failed or was cancelled.
///
/// Both honor cancellation: a cancelled start gives up soon, a cancelled stop ends at once and with force.
///
/// One that runs processes of its own is ``RunsProcesses`` too.
package protocol Backend: ServesModels {
    /// Starts with the effective configuration, which its type's schema has checked, and returns once it serves.
    ///
    /// The configuration does not change before the next start, except by ``reconfigure(_:)``. A later breakdown is reported to the supervisor, at any time.
    func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError)

    /// Stops; returns once nothing is left.
    func stop() async throws(BackendError)

    /// Takes a configuration over while it is started: one that differs from that of the start in what its type says needs no restart, or that
    /// its type says can be rolled. Processes that run keep what needs a restart. Must not wait; does nothing at rest.
    func reconfigure(_ configuration: ConfigValue)

    /// Looks at the context of a request before its model is looked up. Called in every state, from any thread, so often that
    /// it must neither wait nor copy more than it needs.
    func handleRuntimeContext<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) -> ContextDisposition

    /// The backend was deleted while at rest: it is not used again, and removes what it has left on the disk. Must not wait.
    func deleted()
}

extension Backend {
    package func reconfigure(_ configuration: ConfigValue) {}

    package func deleted() {}
}

/// What a backend does about models. Models are asked for only between the end of a start and the beginning of the stop; calls that are
/// under way then throw soon.
package protocol ServesModels: Sendable {
    /// How many models it may have loaded together, by the configuration it was started with.
    var capacity: ModelCapacity { get }

    /// Which models it will serve once it is started with the configuration: read once, asked often.
    func served(configuration: ConfigValue) -> ServedModels

    /// The models whose processes an earlier daemon has left, and which it takes over when they are loaded. Asked once, after a start.
    var recoveredModels: [String] { get }

    /// How it serves a model. Must not wait; any thread may ask.
    func offer(of model: String) -> ModelOffer

    /// Loads a model that was offered as loadable, and returns once it serves. Called once at a time for a model, and not for one
    /// that is loaded. If it throws, nothing is left. A cancelled load gives up soon.
    func load(_ model: String) async throws(BackendError) -> ModelEndpoint

    /// Unloads a model, also one that broke down; returns once nothing is left of it. Cancelled, it ends at once and with force.
    func unload(_ model: String) async throws(BackendError)

    /// A client's call to the model failed: looks at once whether it is healthy, and begins a restart if it is not.
    func examine(_ model: String) async throws(BackendError) -> FailureVerdict

    /// The directory where the model's server finds tuned prompts; nil if it has none.
    func promptDirectory(of model: String) -> String?
}

extension ServesModels {
    package var capacity: ModelCapacity { ModelCapacity() }

    package func served(configuration: ConfigValue) -> ServedModels { .any }

    package var recoveredModels: [String] { [] }

    package func load(_ model: String) async throws(BackendError) -> ModelEndpoint {
        throw .notLoadable(model)
    }

    package func unload(_ model: String) async throws(BackendError) {}

    package func examine(_ model: String) async throws(BackendError) -> FailureVerdict { .healthy }

    package func promptDirectory(of model: String) -> String? { nil }
}

/// What a backend reports about the processes that it runs on this host.
package protocol RunsProcesses: Sendable {
    /// A function that measures what its processes use, which takes too long for a loop; nil if that was done just now, or there are
    /// none.
    func measuring() -> (@Sendable () -> Void)?

    /// The processes it runs, by name, with what they used when they were measured last. Must not wait.
    func instances() -> [InstanceSnapshot]

    /// Where the output of its processes can be read, by name, or of that of one model; also of those that have ended, in this run of
    /// the daemon or an earlier one, as far as it is kept.
    func logs(of model: String?) async -> [any LogSource]

    /// Whether its processes end with the daemon, with this configuration: then the next daemon does not start it again.
    func endsWithDaemon(_ configuration: ConfigValue) -> Bool

    /// Restarts a process by name, as a person asks for it, and returns once it is ready again. Cancelling gives up the wait.
    func restart(instance: String) async throws(BackendError)

    /// Starts the processes that wait for their restart, without the rest of the pause, and returns once they are ready; false if
    /// there are none.
    func retry() async throws(BackendError) -> Bool
}

/// How a started backend serves a model.
package enum ModelOffer: Sendable {
    /// Its configuration does not name this model.
    case notServed
    /// It cannot serve this model; the error says why, as a reason and a sentence.
    case declined(BackendError)
    /// At once: there is nothing to load.
    case endpoint(ModelEndpoint, ModelRules)
    /// It serves the model, but cannot now; the error says why.
    case unavailable(BackendError)
    /// Through ``ServesModels/load(_:)``.
    case loadable(ModelRules)
}
