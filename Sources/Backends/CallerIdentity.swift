// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The process on the other end, as the kernel vouches for it.
package struct CallerIdentity: Hashable, Sendable {
    package var pid: Int32
    package var uid: UInt32

    package init(pid: Int32, uid: UInt32) {
        self.pid = pid
        self.uid = uid
    }
}
