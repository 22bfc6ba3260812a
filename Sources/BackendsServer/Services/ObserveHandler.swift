// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import BackendsAPI
internal import SocketRPC
internal import SocketRPCServer

/// Answers `ObserveService`.
struct ObserveHandler: ObserveService {
    let registry: BackendRegistry
    let information: ServerInformation
    let events = EncodedEvents()

    func getServerInfo(
        _ request: GetServerInfoRequest, context: CallContext
    ) async throws(RPCStatus) -> GetServerInfoResponse {
        GetServerInfoResponse(
            version: information.version, serverInstance: registry.serverInstance,
            startTime: GoogleTimestamp(information.startTime), pid: information.pid, protocols: ["ttrpc", "grpc"],
            socketPath: information.socketPath, connections: UInt32(clamping: information.figures.connections),
            backends: UInt32(clamping: registry.count), sequence: registry.sequence,
            input: MemoryBudget(information.figures.input), output: MemoryBudget(information.figures.output),
            lostOutputBytes: information.figures.lostOutput())
    }

    func readLogs(
        _ request: ReadLogsRequest, responses: ResponseStream<ReadLogsResponse>, context: CallContext
    ) async throws(RPCStatus) {
        try await LogReading(registry: registry, request: request, responses: responses).run()
    }

    func watchBackends(
        _ request: WatchBackendsRequest, responses: ResponseStream<WatchBackendsResponse>, context: CallContext
    ) async throws(RPCStatus) {
        let watch = try asStatus { () throws(BackendError) in
            try registry.watch(serverInstance: request.serverInstance, since: request.sinceSequence)
        }
        var pacing = BurstPacing()
        while true {
            let pause = pacing.pause(at: .now)
            try await asStatus { () async throws(BackendError) in
                if pause > .zero { try await watch.waitForPage(within: pause) }
                try await watch.waitForNext()
            }
            // Made only when it can be sent, so that a reader that is slow costs no memory.
            try await responses.waitForRoom()
            guard let items = watch.takeNext() else { continue }
            // No event follows once the daemon has stopped its backends.
            guard !items.isEmpty else { return }
            for message in try events.messages(for: items, instance: registry.serverInstance) {
                pacing.sent(at: .now)
                try await responses.send(encoded: message)
            }
        }
    }
}

extension MemoryBudget {
    fileprivate init(_ figures: ServerBudget.Figures) {
        self.init(
            bytes: UInt64(clamping: figures.bytes), limitBytes: UInt64(clamping: figures.limit),
            refusals: UInt64(clamping: figures.refusals))
    }
}
