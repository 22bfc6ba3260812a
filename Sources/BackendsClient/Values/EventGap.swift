// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Changes that a watcher was not told, by sequence, both ends included.
public struct EventGap: Hashable, Sendable {
    /// The first one lost.
    public let first: UInt64
    /// The last one lost.
    public let last: UInt64
}
