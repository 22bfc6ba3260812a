// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The flags of a ttrpc frame.
package struct FrameFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The sender sends nothing more on the stream.
    @inlinable package static var remoteClosed: FrameFlags { FrameFlags(rawValue: 1) }
    /// The sender has more to send on the stream.
    @inlinable package static var remoteOpen: FrameFlags { FrameFlags(rawValue: 2) }
    /// The frame has no message, which is something else than an empty message.
    @inlinable package static var noData: FrameFlags { FrameFlags(rawValue: 4) }
}
