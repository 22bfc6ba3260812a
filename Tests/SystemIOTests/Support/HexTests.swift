// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TestSupport
internal import Testing

@Suite struct HexTests {
    @Test func `spaces, line breaks and comments do not count`() {
        #expect(hex("00 1f\nFf # the end ff\n  a0") == [0x00, 0x1f, 0xff, 0xa0])
        #expect(hex("") == [])
    }
}
