// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

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
    /// Through ``Backend/load(_:)``.
    case loadable(ModelRules)
}
