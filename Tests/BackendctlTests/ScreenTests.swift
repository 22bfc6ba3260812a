// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Testing
import backendctl

@Suite struct ScreenTests {
    @Test func `a text is drawn from the corner, over what was there`() {
        #expect(Screen.drawn("a\nb\n", columns: 10, rows: 5) == "\u{1B}[Ha\u{1B}[K\nb\u{1B}[K\n\u{1B}[J")
    }

    @Test func `no more is drawn than fits`() {
        #expect(Screen.drawn("abcdef\nb\nc\n", columns: 3, rows: 3) == "\u{1B}[Habc\u{1B}[K\nb\u{1B}[K\n\u{1B}[J")
    }
}
