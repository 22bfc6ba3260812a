// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SocketRPC

/// The events of a watch one by one, as if each had a message of its own.
final class WatchStream {
    private let stream: ClientStream<WatchBackendsRequest, WatchBackendsResponse>
    private var waiting: [WatchBackendsResponse] = []
    /// How many messages came so far, and the most bytes that one had.
    private(set) var messageCount = 0
    private(set) var longestMessage = 0

    init(_ stream: ClientStream<WatchBackendsRequest, WatchBackendsResponse>) {
        self.stream = stream
    }

    func next() async throws -> WatchBackendsResponse? {
        if waiting.isEmpty {
            guard var message = try await stream.next() else { return nil }
            messageCount += 1
            longestMessage = max(longestMessage, try message.encoded().count)
            let following = message.following
            message.following = []
            waiting = [message] + following
        }
        return waiting.removeFirst()
    }
}

extension ObserveServiceClient {
    /// Watches while the body runs; without an instance from a snapshot on.
    func watching(
        _ instance: String = "", since: UInt64 = 0, _ body: (WatchStream) async throws -> Void
    ) async throws {
        try await watchBackends(WatchBackendsRequest(serverInstance: instance, sinceSequence: since)) { stream in
            try await body(WatchStream(stream))
        }
    }
}

struct UnexpectedEvent: Error {
    let event: WatchBackendsResponse.Event?
}

extension WatchStream {
    func snapshot() async throws -> BackendsSnapshot {
        let event = try await next()?.event
        guard case .snapshot(let snapshot) = event else { throw UnexpectedEvent(event: event) }
        return snapshot
    }

    /// The next `count` changes.
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
