// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// Runs a test with an event loop of its own, which is stopped and awaited afterwards.
///
/// Await everything that is started on the loop: a task that is left there never ends.
@discardableResult
package func withEventLoop<R: Sendable>(
    spin: Duration = .zero, _ body: (EventLoop) async throws -> R
) async throws -> R {
    let loop = try EventLoop(name: "test", spin: spin)
    try loop.start()
    defer {
        loop.stop()
        loop.join()
    }
    return try await body(loop)
}

/// Runs blocking work on a thread of its own, and awaits it.
///
/// There are only as many threads for tasks as processors: tests that block them wait for each other.
package func onThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withEventLoop { loop in
        try await loop.run(body)
    }
}
