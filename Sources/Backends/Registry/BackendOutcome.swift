// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What became of a command.
package struct BackendOutcome: Equatable, Sendable {
    /// The backend right after the command.
    package var backend: BackendSnapshot
    /// False where it was so before: already started, already stopped, the same patch again.
    package var isChanged: Bool
    /// Whether the patch waits for the next start.
    package var isStaged: Bool

    private let layers: ConfigLayers

    init(backend: BackendSnapshot, isChanged: Bool, isStaged: Bool = false, layers: ConfigLayers) {
        self.backend = backend
        self.isChanged = isChanged
        self.isStaged = isStaged
        self.layers = layers
    }

    /// The layer of every leaf of the effective configuration, sorted by path.
    package func origins() -> [ConfigOrigin] { layers.origins() }
}
