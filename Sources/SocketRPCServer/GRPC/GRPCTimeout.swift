// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// The value of `grpc-timeout`: one to eight digits and a unit.
package enum GRPCTimeout {
    /// The duration; nil if the text is not a timeout.
    package static func parse(_ text: RawSpan) -> Duration? {
        let digits = text.byteCount - 1
        guard (1...8).contains(digits) else { return nil }
        var value: Int64 = 0
        for offset in 0..<digits {
            let digit = text.byte(at: offset) &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        switch text.byte(at: digits) {
        case UInt8(ascii: "H"): return .seconds(value * 3600)
        case UInt8(ascii: "M"): return .seconds(value * 60)
        case UInt8(ascii: "S"): return .seconds(value)
        case UInt8(ascii: "m"): return .milliseconds(value)
        case UInt8(ascii: "u"): return .microseconds(value)
        case UInt8(ascii: "n"): return .nanoseconds(value)
        default: return nil
        }
    }
}
