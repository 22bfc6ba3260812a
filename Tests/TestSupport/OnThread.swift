// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Runs what blocks on a thread of its own, and awaits it.
///
/// The threads that run tasks are as few as the processors: tests that blocked them would wait for each other.
package func onThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withEventLoop { loop in
        try await loop.run(body)
    }
}
