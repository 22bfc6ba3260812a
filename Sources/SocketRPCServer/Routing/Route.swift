// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// A method where the router found it.
final class Route: Sendable {
    let service: String
    let handler: MethodHandler
    let serviceBytes: [UInt8]
    let methodBytes: [UInt8]

    init(service: String, handler: MethodHandler) {
        self.service = service
        self.handler = handler
        serviceBytes = Array(service.utf8)
        methodBytes = Array(handler.name.utf8)
    }
}
