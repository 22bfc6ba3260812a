// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What is known of a file without reading it.
package struct FileStatus: Hashable, Sendable {
    package var kind: FileKind
    package var size: Int64
    /// When its content was changed last: seconds and nanoseconds of the wall clock.
    package var modifiedSeconds: Int64
    package var modifiedNanoseconds: Int64
    /// The permission bits.
    package var mode: UInt32
    /// The user and the group it belongs to.
    package var owner: UInt32
    package var group: UInt32
    /// How many names it has; 0: it was removed and lives on as it is open.
    package var links: Int
}
