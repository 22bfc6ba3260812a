// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Bytes and the descriptors that came with them.
package struct ReceivedDescriptors: Hashable, Sendable {
    /// Empty when the peer has closed the connection.
    package let bytes: [UInt8]
    /// Numbers of open descriptors, close-on-exec, that belong to whoever has this value.
    package let descriptors: [Int32]
    /// Whether more came than were wanted; the surplus is closed.
    package let isTruncated: Bool

    package init(bytes: [UInt8], descriptors: [Int32], isTruncated: Bool) {
        self.bytes = bytes
        self.descriptors = descriptors
        self.isTruncated = isTruncated
    }
}
