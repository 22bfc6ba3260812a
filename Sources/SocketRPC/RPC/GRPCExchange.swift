// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// What a gRPC call has in addition to its messages, unlike a ttrpc call: metadata of the answer, and compression.
package final class GRPCExchange: Sendable {
    private struct State {
        var initialMetadata = RPCMetadata()
        var trailingMetadata = RPCMetadata()
        var compressesMessages: Bool?
        var requestWasCompressed = false
    }

    private let state = Guarded(State())

    package init() {}

    /// What the client gets before the first message. Set it before that is sent. What exceeds 8 KiB is left out,
    /// because clients would refuse all of it.
    package var initialMetadata: RPCMetadata {
        get { state.withLock { $0.initialMetadata } }
        set { state.withLock { $0.initialMetadata = newValue } }
    }

    /// What the client gets with the status, with the same limit.
    package var trailingMetadata: RPCMetadata {
        get { state.withLock { $0.trailingMetadata } }
        set { state.withLock { $0.trailingMetadata = newValue } }
    }

    /// Whether the next messages are compressed, if the client accepts that. Nil, the default, means that none ever is;
    /// to compress some messages, set it to true or false before the first is sent.
    ///
    /// On a local socket compression costs more than it saves, so it is off unless a handler asks for it.
    package var compressesMessages: Bool? {
        get { state.withLock { $0.compressesMessages } }
        set { state.withLock { $0.compressesMessages = newValue } }
    }

    /// Whether the last message that the handler got was compressed.
    package var requestWasCompressed: Bool {
        get { state.withLock { $0.requestWasCompressed } }
        set { state.withLock { $0.requestWasCompressed = newValue } }
    }
}
