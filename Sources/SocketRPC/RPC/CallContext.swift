// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// What a handler knows of the call it answers, beside the request.
///
/// A call is cancelled by cancelling its task: when the peer is gone, when the deadline passes, and at the end of a drain.
package struct CallContext: Sendable {
    /// Who opened the connection, as the kernel says.
    package let peer: PeerCredentials
    /// The full name of the service.
    package let service: String
    /// The name of the method.
    package let method: String
    package let metadata: RPCMetadata
    /// Absent: the caller set none.
    package let deadline: Deadline?
    /// The loop that the connection lives on; handlers run on it.
    package let loop: EventLoop
    /// What a call over gRPC has beside its messages; nil over ttrpc, which has nothing of the kind.
    package let grpc: GRPCExchange?

    package init(
        peer: PeerCredentials, service: String, method: String, metadata: RPCMetadata = RPCMetadata(),
        deadline: Deadline? = nil, loop: EventLoop, grpc: GRPCExchange? = nil
    ) {
        self.peer = peer
        self.service = service
        self.method = method
        self.metadata = metadata
        self.deadline = deadline
        self.loop = loop
        self.grpc = grpc
    }
}
