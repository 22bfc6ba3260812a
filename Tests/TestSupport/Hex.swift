// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Bytes as they are written in a specification: `hex("00 1f")`. Spaces and line breaks are ignored; `#` begins a comment up to
/// the end of the line.
package func hex(_ text: String) -> [UInt8] {
    let digits = text.split(whereSeparator: \.isNewline).flatMap { line in
        line.prefix { $0 != "#" }.filter { !$0.isWhitespace }.map { digit in
            guard let value = digit.hexDigitValue else { preconditionFailure("\(digit) is not a hexadecimal digit") }
            return UInt8(value)
        }
    }
    precondition(digits.count.isMultiple(of: 2), "a byte has two digits")
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// Bytes as hexadecimal digits, so that a failed comparison can be read.
package func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
