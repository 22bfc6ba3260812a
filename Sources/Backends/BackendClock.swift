// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where the domain gets the time from, so that tests decide it.
package protocol BackendClock: Sendable {
    /// The wall clock, for what is shown to people.
    func now() -> Timestamp

    /// The time since some moment in the past; never goes back.
    func uptime() -> Duration

    /// Waits; throws as soon as the task is cancelled.
    func sleep(for duration: Duration) async throws(CancellationError)
}

extension BackendClock {
    package func sleep(for duration: Duration) async throws(CancellationError) {
        do {
            try await Task.sleep(for: duration, clock: .continuous)
        } catch {
            throw CancellationError()
        }
    }
}
