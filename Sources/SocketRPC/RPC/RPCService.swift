// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A service as the router sees it: a name and its methods, with types erased. Generated code makes it from an
/// implementation of the service's protocol.
package struct RPCService: Sendable {
    /// The full name, `backends.v1.LifecycleService`.
    package let name: String
    package let methods: [MethodHandler]

    package init(name: String, methods: [MethodHandler]) {
        self.name = name
        self.methods = methods
    }

    /// The same service, with every status that a method fails with replaced by what a function makes of it.
    package func mappingFailures(_ map: @escaping @Sendable (RPCStatus) -> RPCStatus) -> RPCService {
        RPCService(name: name, methods: methods.map { $0.mappingFailures(map) })
    }
}
