// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import Testing

@Suite struct CivilDateTests {
    @Test(arguments: [
        (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2000, 3, 1, 11_017), (2026, 11, 23, 20_780),
        (1, 1, 1, -719_162), (9999, 12, 31, 2_932_896), (1900, 2, 28, -25_509), (1900, 3, 1, -25_508),
    ])
    func `a date has its day`(year: Int, month: Int, day: Int, days: Int64) throws {
        let date = try #require(CivilDate(year: year, month: month, day: day))
        #expect(date.daysSinceEpoch == days)
        #expect(CivilDate(daysSinceEpoch: days) == date)
    }

    @Test func `every day of four centuries follows the one before it`() throws {
        var before = CivilDate(daysSinceEpoch: -1)
        for day in Int64(0)..<146_097 {
            let date = CivilDate(daysSinceEpoch: day)
            #expect(date.daysSinceEpoch == day)
            let isNext = date.day == before.day + 1 && date.month == before.month && date.year == before.year
            let isFirst = date.day == 1 && before.day >= 28 && (date.month == before.month + 1 || date.month == 1)
            #expect(isNext != isFirst)
            before = date
        }
    }

    @Test(arguments: [
        (2025, 2, 29), (1900, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0), (0, 1, 1),
    ])
    func `a day that the calendar does not have is refused`(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }
}
