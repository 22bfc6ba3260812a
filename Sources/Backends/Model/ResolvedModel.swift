// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a model is.
package struct ResolvedModel: Hashable, Sendable {
    package var backend: String
    package var endpoint: ModelEndpoint
    /// Those with a better priority, in that order.
    package var skipped: [SkippedBackend]

    package init(backend: String, endpoint: ModelEndpoint, skipped: [SkippedBackend]) {
        self.backend = backend
        self.endpoint = endpoint
        self.skipped = skipped
    }
}
