// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// What a handler knows about a call in addition to the request.
///
/// A call is cancelled by cancelling its task: when the peer has gone, when the deadline passes, and at the end of a
/// drain.
package struct CallContext: Sendable {
    /// The process that opened the connection, as reported by the kernel.
    package let peer: PeerCredentials
    private let name: MethodName
    package let metadata: RPCMetadata
    /// Nil if the call has none.
    package let deadline: Deadline?
    /// The loop of the connection, on which handlers run.
    package let loop: EventLoop
    /// What a gRPC call has in addition to its messages; nil for ttrpc.
    package let grpc: GRPCExchange?

    package init(
        peer: PeerCredentials, name: MethodName, metadata: RPCMetadata = RPCMetadata(), deadline: Deadline? = nil,
        loop: EventLoop, grpc: GRPCExchange? = nil
    ) {
        self.peer = peer
        self.name = name
        self.metadata = metadata
        self.deadline = deadline
        self.loop = loop
        self.grpc = grpc
    }
}

extension CallContext {
    /// The full name of the service.
    package var service: String { name.service }
    /// The name of the method.
    package var method: String { name.method }
}

/// The name of a method, which its calls share.
package final class MethodName: Sendable {
    package let service: String
    package let method: String

    package init(service: String, method: String) {
        self.service = service
        self.method = method
    }
}
