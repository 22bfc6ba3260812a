// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Testing
import backendctl

@Suite struct ScreenTests {
    @Test func `a text is drawn from the corner, over what was there`() {
        #expect(Screen.drawn("a\nb\n", columns: 10, rows: 5) == "\u{1B}[Ha\u{1B}[K\nb\u{1B}[K\n\u{1B}[J")
    }

    @Test func `a long line continues in the next one`() {
        #expect(
            Screen.drawn("abcdef\nb\n", columns: 3, rows: 4)
                == "\u{1B}[Habc\u{1B}[K\ndef\u{1B}[K\nb\u{1B}[K\n\u{1B}[J")
    }

    @Test func `no more lines are drawn than fit, and the last one counts the rest`() {
        #expect(
            Screen.drawn("a\nb\nc\nd\n", columns: 10, rows: 4)
                == "\u{1B}[Ha\u{1B}[K\nb\u{1B}[K\n… 2 more\u{1B}[K\n\u{1B}[J")
        #expect(Screen.drawn("a\nb\n", columns: 1, rows: 1) == "\u{1B}[H…\u{1B}[K\n\u{1B}[J")
    }

    @Test func `a footer stands at the bottom, and the text makes room for it`() {
        #expect(
            Screen.drawn("a\nb\n", footer: ["x", "y"], columns: 3, rows: 4)
                == "\u{1B}[Ha\u{1B}[K\nb\u{1B}[K\n\u{1B}[J\u{1B}[3;1Hx\ny")
    }

    @Test func `the names of columns are not colored`() {
        #expect(!Screen.drawn("NAME  READY\n", columns: 20, rows: 5, isColored: true).contains("\u{1B}[3"))
    }

    @Test func `states are colored if that is wanted`() {
        let text = "a  READY  1\nb  FAILED\n"
        #expect(!Screen.drawn(text, columns: 20, rows: 5).contains("\u{1B}[3"))
        let drawn = Screen.drawn(text, columns: 20, rows: 5, isColored: true)
        #expect(drawn.contains("a  \u{1B}[32mREADY\u{1B}[0m  1\u{1B}[K"))
        #expect(drawn.contains("b  \u{1B}[31mFAILED\u{1B}[0m\u{1B}[K"))
    }
}
