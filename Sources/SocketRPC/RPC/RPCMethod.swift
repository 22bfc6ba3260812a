// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One method of a service with the types it takes and returns; generated code has one constant a method.
package struct RPCMethod<Request: ProtobufMessage, Response: ProtobufMessage>: Sendable {
    /// The full name of the service, `backends.v1.LifecycleService`.
    package let service: String
    /// The name of the method, `StartBackend`.
    package let name: String
    package let kind: RPCKind

    package init(service: String, name: String, kind: RPCKind) {
        self.service = service
        self.name = name
        self.kind = kind
    }
}
