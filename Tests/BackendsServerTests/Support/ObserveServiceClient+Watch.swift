// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC

typealias WatchStream = ClientStream<WatchBackendsRequest, WatchBackendsResponse>

extension ObserveServiceClient {
    /// Watches while the body runs; without an instance from a snapshot on.
    func watching(
        _ instance: String = "", since: UInt64 = 0, _ body: (WatchStream) async throws -> Void
    ) async throws {
        try await watchBackends(WatchBackendsRequest(serverInstance: instance, sinceSequence: since), body)
    }
}

struct UnexpectedEvent: Error {
    let event: WatchBackendsResponse.Event?
}

extension ClientStream<WatchBackendsRequest, WatchBackendsResponse> {
    func snapshot() async throws -> BackendsSnapshot {
        let event = try await next()?.event
        guard case .snapshot(let snapshot) = event else { throw UnexpectedEvent(event: event) }
        return snapshot
    }

    /// The next so many changes.
    func changes(_ count: Int) async throws -> [BackendEvent] {
        var changes: [BackendEvent] = []
        while changes.count < count {
            let event = try await next()?.event
            guard case .change(let change) = event else { throw UnexpectedEvent(event: event) }
            changes.append(change)
        }
        return changes
    }
}
