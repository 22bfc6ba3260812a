// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// What a call over gRPC has beside its messages, and a call over ttrpc has not: metadata of the answer, and compression.
package final class GRPCExchange: Sendable {
    private struct State {
        var initialMetadata = RPCMetadata()
        var trailingMetadata = RPCMetadata()
        var compressesMessages: Bool?
        var requestWasCompressed = false
    }

    private let state = Guarded(State())

    package init() {}

    /// What the client gets before the first message; to be set before that is sent. Over 8 KiB the rest is left out, as clients
    /// would refuse it all.
    package var initialMetadata: RPCMetadata {
        get { state.withLock { $0.initialMetadata } }
        set { state.withLock { $0.initialMetadata = newValue } }
    }

    /// What the client gets with the status; the same limit.
    package var trailingMetadata: RPCMetadata {
        get { state.withLock { $0.trailingMetadata } }
        set { state.withLock { $0.trailingMetadata = newValue } }
    }

    /// Whether the next messages are compressed, where the client can read that. Nil, the default, says that none ever is; who
    /// compresses some of its messages sets it, to true or false, before the first is sent.
    ///
    /// On a socket of one host compression costs more than it saves, so it is for handlers that know better.
    package var compressesMessages: Bool? {
        get { state.withLock { $0.compressesMessages } }
        set { state.withLock { $0.compressesMessages = newValue } }
    }

    /// Whether the message that the handler got last came compressed.
    package var requestWasCompressed: Bool {
        get { state.withLock { $0.requestWasCompressed } }
        set { state.withLock { $0.requestWasCompressed = newValue } }
    }
}
