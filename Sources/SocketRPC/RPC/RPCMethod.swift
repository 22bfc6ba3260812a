// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// One method of a service with the types it takes and returns; generated code has one constant per method.
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

/// The four shapes of a call.
package enum RPCKind: Hashable, Sendable {
    case unary
    case clientStreaming
    case serverStreaming
    case bidirectionalStreaming
}

/// A service for the router: a name and its methods, with types erased. Generated code creates it from an
/// implementation of the service's protocol.
package struct RPCService: Sendable {
    /// The full name, `backends.v1.LifecycleService`.
    package let name: String
    package let methods: [MethodHandler]

    package init(name: String, methods: [MethodHandler]) {
        self.name = name
        self.methods = methods
    }

    /// The same service, with every status that a method fails with mapped by a function.
    package func mappingFailures(_ map: @escaping @Sendable (RPCStatus) -> RPCStatus) -> RPCService {
        RPCService(name: name, methods: methods.map { $0.mappingFailures(map) })
    }
}
