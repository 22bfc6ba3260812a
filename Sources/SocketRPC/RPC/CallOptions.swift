// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a caller sets for one call.
package struct CallOptions: Sendable {
    /// How long the call may take; nil: the client's default.
    package var timeout: Duration?
    package var metadata: RPCMetadata

    package init(timeout: Duration? = nil, metadata: RPCMetadata = RPCMetadata()) {
        self.timeout = timeout
        self.metadata = metadata
    }
}
