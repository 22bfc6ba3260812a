// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A part of the list of backends, in priority order.
package struct BackendPage: Hashable, Sendable {
    package var backends: [BackendSnapshot]
    /// What to ask for the next page with; nil on the last one.
    package var nextToken: String?

    package init(backends: [BackendSnapshot], nextToken: String? = nil) {
        self.backends = backends
        self.nextToken = nextToken
    }
}
