// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import Testing
import backendctl

@Suite struct TimeInputTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0, 0), ("2026-11-23T04:05:06Z", 1_795_406_706, 0),
            ("2026-11-23t04:05:06.789z", 1_795_406_706, 789_000_000), ("2026-11-23 04:05:06Z", 1_795_406_706, 0),
            ("2026-11-23T05:05:06+01:00", 1_795_406_706, 0), ("2026-11-22T23:35:06-04:30", 1_795_406_706, 0),
            ("2026-11-23", 1_795_392_000, 0), ("2024-02-29T23:59:60Z", 1_709_251_200, 0),
            ("1969-12-31T23:59:59.000000001Z", -1, 1), ("2000-03-01", 951_868_800, 0),
        ] as [(String, Int64, Int32)])
    func `a time of RFC 3339 is read`(text: String, seconds: Int64, nanoseconds: Int32) throws {
        #expect(try TimeInput(text) == .at(Timestamp(seconds: seconds, nanoseconds: nanoseconds)))
    }

    @Test(arguments: ["10m", "1h30m", "250ms"]) func `a duration is a time in the past`(text: String) throws {
        let now = Timestamp(seconds: 1_000_000)
        #expect(try TimeInput(text).timestamp(now: now) < now)
    }

    @Test(arguments: [
        "2026-13-01", "2026-00-01", "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T04:60:00Z",
        "2026-11-23T04:05:06", "2026-11-23T04:05:06.Z", "2026-11-23T04:05:06+1:00", "2026-11-23T04:05:06+24:00",
        "2026-11-23T04:05Z", "2026-11-23x04:05:06Z", "2026-1-1T00:00:00Z", "+026-11-23", "2026-11-23T04:05:06ZZ",
        "٢٠٢٦-11-23", "2026-11-23T04:05:06.٥Z",
    ]) func `text that is not a time is refused with an example`(text: String) {
        let failure = #expect(throws: CommandFailure.self) { try TimeInput(text) }
        #expect(failure.map { "\($0)" }?.isEmpty == false)
    }

    @Test func `a line without a time keeps its column`() {
        let known = LogLine(instance: "a", stream: .output, time: Timestamp(seconds: 0), text: "x")
        let unknown = LogLine(instance: "a", stream: .output, time: nil, text: "x")
        let (first, second) = (Report.logLine(known).text, Report.logLine(unknown).text)
        #expect(first == "1970-01-01T00:00:00.000Z  a  out  x\n")
        #expect(second == "-                         a  out  x\n")
        #expect(Report.logLine(unknown, withTime: false).text == "a  out  x\n")
    }
}
