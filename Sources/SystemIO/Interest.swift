// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a descriptor is watched for. The bits are the kernel's; `CSystem.c` asserts them.
package struct Interest: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    @inlinable package static var read: Interest { Interest(rawValue: 0x001) }
    @inlinable package static var write: Interest { Interest(rawValue: 0x004) }
}
