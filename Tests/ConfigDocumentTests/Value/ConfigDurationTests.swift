// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing

@Suite struct ConfigDurationTests {
    @Test(
        arguments: [
            ("30s", .seconds(30)), ("1m30s", .seconds(90)), ("250ms", .milliseconds(250)), ("1.5h", .seconds(5400)),
            ("0s", .zero), ("2d", .seconds(172_800)), ("7us", .microseconds(7)), ("9ns", .nanoseconds(9)),
            ("1d2h3m4s5ms6us7ns", .seconds(93_784) + .nanoseconds(5_006_007)), ("0.001s", .milliseconds(1)),
            ("3650d", .seconds(3650 * 86_400)), ("90s", .seconds(90)), ("0.000000001s", .nanoseconds(1)),
            ("0.5000000000000000s", .milliseconds(500)),
        ] as [(String, Duration)])
    func `a number with a unit is a duration`(text: String, duration: Duration) throws {
        #expect(try ConfigDuration(parsing: text).duration == duration)
    }

    @Test(arguments: [
        "", "30", "s", "-1s", "+1s", "1 s", "1s ", "1x", "1S", "1.s", ".5s", "1.2.3s", "1s1m", "1s1s", "0.5ns", "1,5s",
        "1s30", "3651d", "99999999999999999999s", "999999999999999999d", "1e3s", "ms", "0.0000000000000000001d",
    ])
    func `anything else is refused with its text`(text: String) {
        let error = #expect(throws: ConfigDurationError.self) { try ConfigDuration(parsing: text) }
        #expect(error?.text == text)
        #expect(error?.description.contains(text) == true)
    }

    @Test func `long text is refused`() {
        #expect(throws: ConfigDurationError.self) {
            try ConfigDuration(parsing: String(repeating: "0", count: 64) + "s")
        }
    }

    @Test(
        arguments: [
            (.zero, "0s"), (.seconds(90), "1m30s"), (.milliseconds(1250), "1s250ms"), (.seconds(86_400), "1d"),
            (.nanoseconds(1_001), "1us1ns"),
        ] as [(Duration, String)])
    func `a duration is written with whole numbers`(duration: Duration, text: String) throws {
        #expect(ConfigDuration(duration)?.description == text)
        #expect(try ConfigDuration(parsing: text).duration == duration)
    }

    @Test func `what is negative or over ten years is not a duration`() {
        #expect(ConfigDuration(.seconds(-1)) == nil)
        #expect(ConfigDuration(.seconds(3651 * 86_400)) == nil)
        #expect(ConfigDuration(.seconds(Int64.max)) == nil)
        #expect(ConfigDuration(nanoseconds: -1) == nil)
        #expect(ConfigDuration(nanoseconds: .max) == nil)
    }

    @Test func `durations compare`() throws {
        #expect(try ConfigDuration(parsing: "1m") > ConfigDuration(parsing: "59s"))
        #expect(ConfigDuration.zero < ConfigDuration.maximum)
    }
}
