// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A use of a model that is under way, until it is released, lost or forgotten: the model is not unloaded meanwhile.
package final class ModelUse: Sendable {
    package let resolved: ResolvedModel
    private let model: String
    private let caller: CallerID
    private let models: ModelPoolDriver
    private let loss: OneShot<BackendError>

    init(
        _ resolved: ResolvedModel, of model: String, caller: CallerID, models: ModelPoolDriver,
        loss: OneShot<BackendError>
    ) {
        self.resolved = resolved
        self.model = model
        self.caller = caller
        self.models = models
        self.loss = loss
    }

    deinit { release() }

    /// Ends the use. Again, or after a loss, it does nothing.
    package func release() {
        models.leave(caller, model)
    }

    /// Waits until the use is over by itself, because the model was unloaded with force or broke down, and says why; nil where
    /// the task was cancelled before. One task may wait at a time.
    package func waitUntilLost() async -> BackendError? {
        await loss.value()
    }
}
