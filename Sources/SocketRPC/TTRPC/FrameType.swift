// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a ttrpc frame is. Types that this version does not know survive unchanged.
package struct FrameType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Client to server: opens a call.
    @inlinable package static var request: FrameType { FrameType(rawValue: 1) }
    /// Server to client: ends a call.
    @inlinable package static var response: FrameType { FrameType(rawValue: 2) }
    /// Either way: a message of a streaming call, or its half close.
    @inlinable package static var data: FrameType { FrameType(rawValue: 3) }
    /// Client to server: the caller does not wait any longer. Not part of the protocol; servers that do not know it ignore it.
    @inlinable package static var cancel: FrameType { FrameType(rawValue: 16) }
}
