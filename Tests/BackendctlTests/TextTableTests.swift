// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Testing
import backendctl

@Suite struct TextTableTests {
    @Test func `columns are aligned and the last is not padded`() {
        var table = TextTable("NAME", "STATE", "LOCK")
        table.append("assistant", "STOPPED", "")
        table.append("b", "STARTED", "pid 7")
        #expect(
            table.text == """
                NAME       STATE    LOCK
                assistant  STOPPED  -
                b          STARTED  pid 7

                """)
    }

    private static var told: TextTable {
        var table = TextTable("NAME", "STATE", "WHY", leavesOutEmpty: true)
        table.append("a", "FAILED", "EXITED: it ended with exit code 7")
        table.append("b", "STARTED", "")
        return table
    }

    @Test func `a last column that may be left out has no dashes`() {
        #expect(
            Self.told.text == """
                NAME  STATE    WHY
                a     FAILED   EXITED: it ended with exit code 7
                b     STARTED

                """)
    }

    @Test(arguments: [
        (24, "NAME  STATE    WHY\na     FAILED   EXITED: …\nb     STARTED\n"),
        (18, "NAME  STATE\n    WHY\na     FAILED\n    EXITED: it\n    ended with\n    exit code 7\nb     STARTED\n"),
        (
            15,
            "NAME  STATE\n    WHY\na     FAILED\n    EXITED: it\n    ended with\n    exit code 7\nb     STARTED\n"
        ),
    ])
    func `it is cut to the width of one line, or broken between words, and takes no line when it is empty`(
        columns: Int, text: String
    ) {
        #expect(Self.told.text(columns: columns) == text)
    }

    @Test func `a table without rows is its header`() {
        #expect(TextTable("A", "B").text == "A  B\n")
    }

    @Test func `cells cannot break the table or control the terminal`() {
        var table = TextTable("A", "B")
        table.append("x\ny", "\u{1B}]0;title\u{7}\u{9B}\u{2066}")
        #expect(table.text == "A     B\nx\\ny  \\u{1b}]0;title\\u{7}\\u{9b}\\u{2066}\n")
    }

    @Test func `fields show their values in one column, and leave out what is nil`() {
        var fields = FieldList()
        fields.append("name", "a")
        fields.append("generation", "3")
        fields.append("failure", nil)
        #expect(fields.text == "name:        a\ngeneration:  3\n")
    }

    @Test func `a value of several lines stays in its column and cannot control a terminal`() {
        var fields = FieldList()
        fields.append("why", "it last wrote:\nFATAL\r\nstate: STARTED\u{1B}[2J")
        #expect(fields.text == "why:  it last wrote:\n      FATAL\\r\n      state: STARTED\\u{1b}[2J\n")
    }
}
