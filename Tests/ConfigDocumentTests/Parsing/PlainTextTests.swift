// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing

@Suite struct PlainTextTests {
    @Test func `what drives a terminal or turns the direction of writing is escaped`() {
        let text = "a\u{0}\u{1B}[31m\u{7F}\u{9B}\u{61C}\u{200E}\u{200F}\u{2028}\u{202E}\u{2066}\u{2069}é\n"
        #expect(
            PlainText.escaped(text)
                == #"a\u{0}\u{1b}[31m\u{7f}\u{9b}\u{61c}\u{200e}\u{200f}\u{2028}\u{202e}\u{2066}\u{2069}é\n"#)
    }

    @Test func `what shows nothing is escaped, but for the joiners that scripts need`() {
        #expect(
            PlainText.escaped("a\u{200B}b\u{2060}\u{2064}\u{FEFF}\u{180E}\u{AD}\u{E0041}")
                == #"a\u{200b}b\u{2060}\u{2064}\u{feff}\u{180e}\u{ad}\u{e0041}"#)
        #expect(
            PlainText.escaped("a\u{206A}b\u{FFF9}\u{1D173}\u{3164}\u{115F}")
                == #"a\u{206a}b\u{fff9}\u{1d173}\u{3164}\u{115f}"#)
        let shown = "a\u{200C}b\u{200D}c\u{2764}\u{FE0F}\u{600}\u{A0}\u{3000}"
        #expect(PlainText.escaped(shown) == shown)
    }

    @Test func `a message keeps its lines and no other control`() {
        #expect(PlainText.cleaned("a\n\tb\u{0}c\r\u{9B}é\u{202E}") == "a\n\tb\\u{0}c\\r\\u{9b}é\u{202E}")
    }

    @Test func `JSON and YAML have the same characters as escapes, and read them back`() throws {
        let value: ConfigValue = ["k\u{202E}": "a\u{9B}\u{202E}\u{2066}\u{61C}\u{200E}\u{E0041}b"]
        for text in [value.json(pretty: false), value.yaml()] {
            #expect(!text.unicodeScalars.dropLast().contains { PlainText.isHarmful($0) })
            #expect(try ConfigText.parse(Array(text.utf8), name: "t").root == value)
        }
        #expect(value.json(pretty: false) == #"{"k\u202e":"a\u009b\u202e\u2066\u061c\u200e\udb40\udc41b"}"#)
    }
}
