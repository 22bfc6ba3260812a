// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends

// Numbers for IDs, which make transcripts readable.

extension CallerID: ExpressibleByIntegerLiteral {
    /// The ID with this number.
    public init(integerLiteral number: UInt64) { self.init(number) }
}

extension RunID: ExpressibleByIntegerLiteral {
    /// The ID with this number.
    public init(integerLiteral number: UInt64) { self.init(number) }
}

extension LockToken: ExpressibleByIntegerLiteral {
    /// The ID with this number.
    public init(integerLiteral number: UInt64) { self.init(number) }
}
