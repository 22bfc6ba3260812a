// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Reads YAML: scalars as the core schema of YAML 1.2 has them, within the bounds of ``ConfigLimits``.
///
/// Anchors and aliases work; what an alias repeats counts against the bounds. These are errors, because they surprise: a key
/// that stands in a map twice, merge keys (`<<`), more than one document, tags outside the core schema, integers with leading
/// zeros or of more than 64 bits, infinities, `.nan`, and a NUL character in text. `yes`, `no`, `on` and `off` are text.
package enum YAMLDocument {
    package static func parse(_ bytes: [UInt8], name: String) throws(ConfigSyntaxError) -> ConfigText {
        try parse(try SourceText(bytes, name: name))
    }

    static func parse(_ text: SourceText) throws(ConfigSyntaxError) -> ConfigText {
        var composer = YAMLComposer(text)
        try YAMLEventReader.read(text) { (event, mark) throws(ConfigSyntaxError) in
            try composer.received(event, at: mark)
        }
        return ConfigText(composer.root, name: text.name)
    }
}
