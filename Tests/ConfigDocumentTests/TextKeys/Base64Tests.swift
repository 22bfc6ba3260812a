// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Testing
import TextKeys

@Suite struct Base64Tests {
    private func decode(_ text: String) -> [UInt8]? {
        Base64.decode(Array(text.utf8))
    }

    @Test func `what a program wrote is read with and without padding`() {
        #expect(decode("q6ur") == [0xab, 0xab, 0xab])
        #expect(decode("YQ==") == [0x61])
        #expect(decode("YQ") == [0x61])
        #expect(decode("YWI=") == decode("YWI"))
        #expect(decode("") == [])
        #expect(Base64.encode([0x61]) == "YQ")
        #expect(Base64.encode([0xff, 0xef, 0xfe]) == "/+/+")
        for count in 0..<40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: ["Y", "YQ=", "YQ===", "Y Q=", "-_-_", "YQ==YQ==", "=", "====", "\u{e9}Q"])
    func `what is not Base64 is not read`(text: String) {
        #expect(decode(text) == nil)
    }

    @Test(arguments: ["/+/+", "_-_-", "/-_+"])
    func `what a person wrote may be in either alphabet`(text: String) {
        #expect(Base64.decoded(text) == [0xff, 0xef, 0xfe])
    }

    @Test func `what a person wrote may be padded, but must not hold more bits than its bytes`() {
        #expect(Base64.decoded("") == [])
        #expect(Base64.decoded("YQ==") == [0x61])
        #expect(Base64.decoded("YQ") == [0x61])
        #expect(decode("YR") == [0x61])
        for text in ["YR", "YQ=", "Y", "YQ===", "=", "====", "Y Q=", "YQ==YQ=="] {
            #expect(Base64.decoded(text) == nil)
        }
    }
}
