// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a model is.
package struct ResolvedModel: Hashable, Sendable {
    package var backend: String
    package var endpoint: ModelEndpoint
    /// Those with a better priority, in that order; of many the first.
    package var skipped: [SkippedBackend]
    /// How many more there are.
    package var skippedOthers = 0

    package init(backend: String, endpoint: ModelEndpoint, skipped: [SkippedBackend]) {
        self.backend = backend
        self.endpoint = endpoint
        self.skipped = skipped
    }

    init(backend: String, endpoint: ModelEndpoint, skipped: SkippedBackends) {
        self.init(backend: backend, endpoint: endpoint, skipped: skipped.kept)
        skippedOthers = skipped.others
    }
}
