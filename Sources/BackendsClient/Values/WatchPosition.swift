// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A place in the changes of one run of a daemon; a watch resumes from it.
public struct WatchPosition: Hashable, Sendable {
    /// The run of the daemon.
    public let instance: String
    /// The sequence of the last change seen.
    public let sequence: UInt64

    /// Makes a position from one that was stored.
    ///
    /// - Parameters:
    ///   - instance: The run of the daemon.
    ///   - sequence: The sequence of the last change seen.
    public init(instance: String, sequence: UInt64) {
        self.instance = instance
        self.sequence = sequence
    }
}
