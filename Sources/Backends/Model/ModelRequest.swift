// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Which model a caller wants, and how much may be done for it.
package struct ModelRequest: Hashable, Sendable {
    package var model: String
    /// Only these backends; empty: every one.
    package var backends: [String]
    /// Wait for a model that is being loaded.
    package var waitsUntilReady: Bool
    /// Start a backend that is stopped.
    package var startsAutomatically: Bool
    /// Load a model that is not loaded. As for the start, unless it is set.
    package var loads: Bool
    /// The caller can run the model itself: a backend that leaves it to the caller's process answers in its turn. Otherwise
    /// it answers only where no other serves the model.
    package var allowsInProcess: Bool

    package init(
        _ model: String, backends: [String] = [], waitsUntilReady: Bool = false, startsAutomatically: Bool = false,
        allowsInProcess: Bool = false
    ) {
        self.model = model
        self.backends = backends
        self.waitsUntilReady = waitsUntilReady
        self.startsAutomatically = startsAutomatically
        loads = startsAutomatically
        self.allowsInProcess = allowsInProcess
    }
}
