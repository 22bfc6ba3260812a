// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Testing
import TextKeys

@Suite struct StringTests {
    @Test func `a text is cut between scalars`() {
        #expect("short".cut(toBytes: 5) == "short")
        #expect("longer".cut(toBytes: 5) == "longe…")
        #expect("aé".cut(toBytes: 2) == "a…")
        #expect("☺☺".cut(toBytes: 5) == "☺…")
        #expect("é".cut(toBytes: 1) == "…")
    }

    @Test func `a text is quoted with what could harm a terminal as escapes`() {
        #expect("a\"\\\n\r\t\u{1}\u{7F}\u{85}\u{2028}é😀".quoted() == #""a\"\\\n\r\t\u0001\u007f\u0085\u2028é😀""#)
    }

    @Test func `an escaped character above U+FFFF takes a surrogate pair in JSON and eight digits in YAML`() {
        #expect("a\u{E0041}".quoted() == #""a\udb40\udc41""#)
        #expect("a\u{E0041}".quoted(for: .yaml) == #""a\U000e0041""#)
    }
}
