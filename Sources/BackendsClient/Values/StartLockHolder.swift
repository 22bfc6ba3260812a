// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The process that holds the start lock of a backend.
public struct StartLockHolder: Hashable, Sendable {
    /// Its process ID, as the daemon sees it.
    public let pid: Int32
    /// Its user.
    public let uid: UInt32
}
