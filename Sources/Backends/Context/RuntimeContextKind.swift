// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Which kind of server received the inference request.
package enum RuntimeContextKind: Hashable, Sendable {
    case grpc
    case http
}
