// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import Testing

/// The small formats of gRPC's headers.
@Suite struct GRPCValueTests {
    private func timeout(_ text: String) -> Duration? {
        GRPCTimeout.parse(ByteBuffer(Array(text.utf8)).bytes)
    }

    @Test func `a timeout is one to eight digits and a unit`() {
        #expect(timeout("1H") == .seconds(3600))
        #expect(timeout("2M") == .seconds(120))
        #expect(timeout("3S") == .seconds(3))
        #expect(timeout("4m") == .milliseconds(4))
        #expect(timeout("5u") == .microseconds(5))
        #expect(timeout("6n") == .nanoseconds(6))
        #expect(timeout("0S") == .zero)
        #expect(timeout("99999999H") == .seconds(99_999_999 * 3600))
    }

    @Test(arguments: ["", "S", "1", "123456789S", "1s", "-1S", "1.5S", " 1S", "1S ", "1SS", "1h"])
    func `anything else is not a timeout`(text: String) {
        #expect(timeout(text) == nil)
    }

    @Test func `a message is percent-encoded, and cut between characters`() {
        #expect(PercentEncoding.encode("a b~", limit: 99) == Array("a b~".utf8))
        #expect(PercentEncoding.encode("50%\n", limit: 99) == Array("50%25%0A".utf8))
        #expect(PercentEncoding.encode("☺", limit: 99) == Array("%E2%98%BA".utf8))
        #expect(PercentEncoding.encode("a☺b", limit: 9) == Array("a".utf8))
        #expect(PercentEncoding.encode("", limit: 9) == [])
    }
}
