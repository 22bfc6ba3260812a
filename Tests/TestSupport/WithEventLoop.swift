// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// Runs a test with an event loop of its own, stopped and waited for afterwards.
///
/// The test awaits what it starts on the loop: a task that is left there never ends.
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
