// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem

/// Runs work that blocks on a thread of its own, so that it does not hold up the threads of tasks. The caller bounds
/// how much of it runs.
package enum BlockingWork {
    /// Starts a thread that runs the body and ends. Throws, without calling the body, if no further thread can be
    /// created.
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

    /// Runs the body on a thread and waits for its end, even if the task is cancelled.
    package static func run<Value: Sendable>(
        _ name: String, _ body: @escaping @Sendable () -> Value
    ) async throws(SystemError) -> Value {
        let result: Result<Value, SystemError> = await withTaskContinuation { waiter in
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
