// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension RPCKind {
    /// Whether the client may send any number of messages.
    package var clientStreams: Bool {
        switch self {
        case .unary, .serverStreaming: false
        case .clientStreaming, .bidirectionalStreaming: true
        }
    }

    /// Whether the server may send any number of messages.
    package var serverStreams: Bool {
        switch self {
        case .unary, .clientStreaming: false
        case .serverStreaming, .bidirectionalStreaming: true
        }
    }

    /// The flags of the frame that opens a call.
    package var requestFlags: FrameFlags {
        switch self {
        case .unary: []
        case .serverStreaming: .remoteClosed
        case .clientStreaming, .bidirectionalStreaming: .remoteOpen
        }
    }
}
