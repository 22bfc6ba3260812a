// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The bytes of a configuration after the checks that every format shares: not too long, and UTF-8.
struct SourceText {
    /// Without a byte order mark.
    let bytes: [UInt8]
    let name: String

    init(_ bytes: [UInt8], name: String) throws(ConfigSyntaxError) {
        self.bytes = Array(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...])
        self.name = name
        guard bytes.count <= ConfigLimits.bytes else {
            throw error(at: SourceMark(), "the text has \(bytes.count) bytes, the most is \(ConfigLimits.bytes)")
        }
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: self.bytes.span)
        } catch let invalid {
            throw error(at: SourceMark(ofByte: invalid.byteOffsets.lowerBound, in: self.bytes), "the text is not UTF-8")
        }
    }

    func error(at mark: SourceMark, _ problem: String) -> ConfigSyntaxError {
        ConfigSyntaxError(location: location(mark), problem: problem)
    }

    func location(_ mark: SourceMark) -> SourceLocation {
        SourceLocation(name: name, line: mark.line, column: mark.column)
    }
}
