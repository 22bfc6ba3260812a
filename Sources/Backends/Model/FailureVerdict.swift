// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What became of a failure that a client reported.
package enum FailureVerdict: Hashable, Sendable {
    /// The code says nothing about the health of the model.
    case ignored
    /// It answers its probe: nothing is done.
    case healthy
    /// It is not ready: already starting, restarting or stopping.
    case notReady
    /// It is restarted.
    case restarted
}
