// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
internal import SystemIO

/// The machine's clock, for the domain.
package struct SystemBackendClock: BackendClock {
    package init() {}

    package func now() -> Timestamp {
        let now = WallClock.now
        return Timestamp(seconds: now.seconds, nanoseconds: now.nanoseconds)
    }

    package func uptime() -> Duration { .nanoseconds(MonotonicClock.nowNanoseconds) }
}
