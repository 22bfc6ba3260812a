// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A scheduled timer, to cancel it. It names one timer for ever.
package struct TimerToken: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}
