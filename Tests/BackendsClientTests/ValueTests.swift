// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import Testing
import TextKeys

@Suite struct ValueTests {
    @Test(
        arguments: [
            (0, 0, "1970-01-01T00:00:00.000Z"), (951_782_400, 0, "2000-02-29T00:00:00.000Z"),
            (1_795_408_568, 123_999_999, "2026-11-23T04:36:08.123Z"), (-1, 500_000_000, "1969-12-31T23:59:59.500Z"),
            (4_107_542_399, 0, "2100-02-28T23:59:59.000Z"), (4_107_542_400, 0, "2100-03-01T00:00:00.000Z"),
            (-62_135_596_800, 0, "0001-01-01T00:00:00.000Z"), (253_402_300_799, 0, "9999-12-31T23:59:59.000Z"),
            (Int64.max, 0, "9223372036854775807s"),
        ] as [(Int64, Int32, String)])
    func `a time is written as RFC 3339 text`(seconds: Int64, nanoseconds: Int32, text: String) {
        #expect(Timestamp(seconds: seconds, nanoseconds: nanoseconds).description == text)
    }

    @Test func `a configuration is written as JSON in one line`() {
        let value: ConfigurationValue = ["b": [1, 2.5, true, .null], "a": "x\"\n\u{1}"]
        #expect(value.description == #"{"a": "x\"\n\u0001", "b": [1, 2.5, true, null]}"#)
    }

    @Test func `a configuration is read by key and kind`() {
        let value: ConfigurationValue = ["a": ["b": 1], "c": ["x"], "d": true]
        #expect(value["a"]?["b"]?.numberValue == 1)
        #expect(value["c"]?.listValue?.first?.stringValue == "x")
        #expect(value["d"]?.boolValue == true)
        #expect(value["c"]?["b"] == nil)
        #expect(value["d"]?.stringValue == nil)
    }

    @Test(
        arguments: [
            (["BACKENDD_SOCKET": "/s", "XDG_RUNTIME_DIR": "/x"], [], "/s"),
            (["BACKENDD_SOCKET": "", "XDG_RUNTIME_DIR": "/x"], [], "/x/backendd/backendd.sock"),
            (["XDG_RUNTIME_DIR": "/x"], ["/run/backendd/backendd.sock"], "/run/backendd/backendd.sock"),
            (
                ["XDG_RUNTIME_DIR": "/x"], ["/x/backendd/backendd.sock", "/run/backendd/backendd.sock"],
                "/x/backendd/backendd.sock"
            ),
            (["XDG_RUNTIME_DIR": ""], [], "/run/backendd/backendd.sock"), ([:], [], "/run/backendd/backendd.sock"),
        ] as [(TextMap<String>, [String], String)])
    func `the socket is looked up in order`(environment: TextMap<String>, sockets: [String], path: String) {
        #expect(SocketLookup.path(in: environment) { sockets.contains($0) } == path)
    }
}
