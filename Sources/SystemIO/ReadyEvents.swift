// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a descriptor is ready for. The bits are the kernel's; `CSystem.c` asserts them.
///
/// `hangup` and `error` come whatever the interest was; on an event loop `peerClosedWrite` comes with the interest to read.
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
