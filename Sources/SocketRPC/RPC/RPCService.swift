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
}
