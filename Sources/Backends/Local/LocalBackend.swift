// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// A backend in process that needs no resources: starting and stopping only change its state.
struct LocalBackend: Backend {
    func start(configuration: ConfigValue, supervisor: BackendSupervisor) async throws(BackendError) {}

    func stop() async throws(BackendError) {}

    func handleRuntimeContext<Context: RuntimeContext & ~Copyable & ~Escapable>(
        _ context: borrowing Context
    ) -> ContextDisposition {
        .ignored
    }

    /// Any model, in the caller's own process.
    func offer(of model: String) -> ModelOffer {
        .endpoint(ModelEndpoint(address: ""), ModelRules())
    }
}
