// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Is notified by an event loop when its descriptor is ready.
package protocol EventHandler: AnyObject {
    /// The registered descriptor is ready. Called on the loop, again in the next turn while it still is.
    func ready(_ events: ReadyEvents)
}

/// Is called once at the end of a loop's turn, such as a connection that collected replies during it.
package protocol Flushable: AnyObject {
    /// The turn is ending. Called on the loop, once for each `EventLoop.flushLater(_:)`.
    func flush()
}

/// What a descriptor is watched for. The bits are the kernel's; `CSystem.c` asserts them.
package struct Interest: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// In other modules `[]` is a generic call, which costs as much as a hundred of these.
    @inlinable package static var none: Interest { Interest(rawValue: 0) }
    @inlinable package static var read: Interest { Interest(rawValue: 0x001) }
    @inlinable package static var write: Interest { Interest(rawValue: 0x004) }
}

/// What a descriptor is ready for. The bits are the kernel's; `CSystem.c` asserts them.
///
/// `hangup` and `error` are reported whatever the interest; an event loop reports `peerClosedWrite` only with the
/// interest to read.
package struct ReadyEvents: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    @inlinable package static var readable: ReadyEvents { ReadyEvents(rawValue: 0x001) }
    @inlinable package static var writable: ReadyEvents { ReadyEvents(rawValue: 0x004) }
    @inlinable package static var error: ReadyEvents { ReadyEvents(rawValue: 0x008) }
    /// Both directions are closed; what came before can still be read.
    @inlinable package static var hangup: ReadyEvents { ReadyEvents(rawValue: 0x010) }
    /// The peer sends no more; what it sent before can still be read.
    @inlinable package static var peerClosedWrite: ReadyEvents { ReadyEvents(rawValue: 0x2000) }
}
