// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem

/// Work that blocks, on a thread of its own, so that no task has to wait for a thread. Who starts it bounds how much there is.
package enum BlockingWork {
    /// Starts a thread, which ends with the body. Throws where there can be no more threads; the body is not called then.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let context = unsafe Unmanaged.passRetained(ThreadBody(body))
        var thread = csys_thread()
        let code = unsafe csys_thread_start(&thread, name, runThreadBody, context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            throw SystemError(code: code, call: "start thread", subject: name)
        }
        _ = csys_thread_detach(thread)
    }

    /// Runs the body on a thread and waits for its end, whatever becomes of the task.
    package static func run<Value: Sendable>(
        _ name: String, _ body: @escaping @Sendable () -> Value
    ) async throws(SystemError) -> Value {
        let result: Result<Value, SystemError> = await withCheckedContinuation { waiter in
            do throws(SystemError) {
                try start(name) { waiter.resume(returning: .success(body())) }
            } catch {
                waiter.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

private func runThreadBody(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
}
