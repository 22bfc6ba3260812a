// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// All backends right after an event.
public struct BackendSnapshot: Hashable, Sendable {
    /// That event.
    public let position: WatchPosition
    /// The backends in priority order.
    public let backends: [BackendDescription]
}
