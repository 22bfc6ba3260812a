// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension EventLoop {
    /// Waits until a process has ended, or the task is cancelled. A process that cannot be watched counts as alive.
    func processExit(of pid: Int32) async {
        let (exits, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let watch = await run { () -> LoopBound<ProcessWatch?> in
            let watch = try? ProcessWatch(pid: pid, loop: self) { continuation.yield() }
            return LoopBound(watch, on: self)
        }
        for await _ in exits { break }
        await run { watch.withValue { $0?.cancel() } }
    }
}
