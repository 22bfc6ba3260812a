// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Reads JSON, strictly as RFC 8259 has it, within the bounds of ``ConfigLimits``.
///
/// Beyond the RFC these are errors: a key that stands in a map twice, a whole number that does not fit 64 bits, a number that
/// is too large or too small for a double, and a NUL character in text.
package enum ConfigJSON {
    package static func parse(_ bytes: [UInt8], name: String) throws(ConfigSyntaxError) -> ConfigText {
        try parse(try SourceText(bytes, name: name))
    }

    static func parse(_ text: SourceText) throws(ConfigSyntaxError) -> ConfigText {
        var parser = JSONParser(text)
        return ConfigText(try parser.document(), name: text.name)
    }
}
