// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// All backends and models right after an event.
public struct BackendSnapshot: Hashable, Sendable {
    /// That event.
    public let position: WatchPosition
    /// The backends in priority order.
    public let backends: [BackendDescription]
    /// The models by backend in priority order, then by id.
    public let models: [ModelDescription]
}
