// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// The processes that hold something, each watched once however many streams it holds.
///
/// A watch takes a descriptor. One per process keeps their number below that of the connections.
final class PeerProcesses: Sendable {
    /// A watch lives on the loop of the connections it serves.
    private struct Key: Hashable {
        let pid: Int32
        let loop: ObjectIdentifier
    }

    private struct Watched {
        var holds = 1
        let exit: Announcement<Void>
        let watch: LoopBound<ProcessWatch>?
    }

    private struct State {
        var watched: [Key: Watched] = [:]
        var streams = 0
        /// Waits for the end of the last stream.
        var idle: Announcement<Void>?
    }

    private let state = Guarded(State())

    /// Set when all streams are to let go of what they hold.
    let release = Announcement<Void>()

    /// Waits until no stream holds anything, or the task is cancelled.
    func waitUntilNoneHolds() async {
        let idle = state.withLock { state -> Announcement<Void>? in
            guard state.streams > 0 else { return nil }
            let idle = state.idle ?? Announcement()
            state.idle = idle
            return idle
        }
        _ = await idle?.value()
    }

    /// Runs a body that is given the end of a peer's process, which is watched as long as the body runs.
    ///
    /// - Throws: `RESOURCE_EXHAUSTED NO_DESCRIPTOR` when the process cannot be watched because no descriptor is left.
    func withExit(
        of context: CallContext, _ body: (Announcement<Void>) async throws(RPCStatus) -> Void
    ) async throws(RPCStatus) {
        let (loop, pid) = (context.loop, context.peer.pid)
        let exit = try await loop.run { () throws(RPCStatus) in try self.hold(pid, on: loop) }
        state.withLock { $0.streams += 1 }
        let result = await RPCStatus.result { () async throws(RPCStatus) in try await body(exit) }
        await loop.run { self.release(pid, exit, on: loop) }
        let idle = state.withLock { state in
            state.streams -= 1
            return state.streams == 0 ? state.idle.take() : nil
        }
        idle?.set(())
        try result.get()
    }

    /// Call on the loop.
    private func hold(_ pid: Int32, on loop: EventLoop) throws(RPCStatus) -> Announcement<Void> {
        let key = Key(pid: pid, loop: ObjectIdentifier(loop))
        let known = state.withLock { state in
            state.watched[key]?.holds += 1
            return state.watched[key]?.exit
        }
        if let known { return known }
        let exit = Announcement<Void>()
        let watch = try watch(pid, on: loop) {
            self.state.withLock { _ = $0.watched.removeValue(forKey: key) }
            exit.set(())
        }
        state.withLock { $0.watched[key] = Watched(exit: exit, watch: watch) }
        return exit
    }

    /// Call on the loop.
    private func release(_ pid: Int32, _ exit: Announcement<Void>, on loop: EventLoop) {
        let key = Key(pid: pid, loop: ObjectIdentifier(loop))
        let ended = state.withLock { state -> Watched? in
            // After the end of the process, another one may have its number.
            guard state.watched[key]?.exit === exit else { return nil }
            state.watched[key]?.holds -= 1
            return state.watched[key]?.holds == 0 ? state.watched.removeValue(forKey: key) : nil
        }
        ended?.watch?.withValue { $0.cancel() }
    }

    /// Watches a process; nil when the kernel cannot, as for a process of another PID namespace. Then only the end of the connection
    /// shows its end.
    private func watch(
        _ pid: Int32, on loop: EventLoop, onExit: @escaping () -> Void
    ) throws(RPCStatus) -> LoopBound<ProcessWatch>? {
        do {
            return LoopBound(try ProcessWatch(pid: pid, loop: loop, onExit: onExit), on: loop)
        } catch  where error.isOutOfDescriptors {
            throw RPCStatus(
                .resourceExhausted, reason: "NO_DESCRIPTOR",
                "cannot watch process \(pid), which would hold this: \(error); close connections, or raise the limit of open files"
            )
        } catch {
            return nil
        }
    }
}
