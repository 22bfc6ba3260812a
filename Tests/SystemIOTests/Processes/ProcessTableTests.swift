// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport
import Testing
import TextKeys

@Suite(.tags(.blocking)) struct ProcessTableTests {
    @Test func `this process is in the table`() throws {
        let own = try #require(ProcessTable.all().first { $0.pid == ProcessInformation.pid })
        #expect(own.residentBytes > 1 << 20)
        #expect(!own.isZombie)
        #expect(ProcessTable.entry(of: own.pid)?.startTime == own.startTime)
    }

    @Test(arguments: ["sh", "a) S 1 1 (", "two words", "new\nline"])
    func `a name does not mislead the reader`(name: String) throws {
        let line = "42 (\(name)) Z 7 8 9 0 -1 0 0 0 0 0 150 50 0 0 20 0 1 0 12345 1000 25 0"
        let entry = try #require(ProcessTable.Entry(pid: 42, stat: Array(line.utf8)))
        #expect(entry.parent == 7)
        #expect(entry.group == 8)
        #expect(entry.session == 9)
        #expect(entry.startTime == 12345)
        #expect(entry.processorTime == .seconds(2))
        #expect(entry.residentBytes == 25 * 4096)
        #expect(entry.isZombie)
    }

    @Test(arguments: [
        "", "42 (sh) S", "42 sh S 1 2 3", "42 (sh) S x 2 3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
        "42 (sh) X 0 -1 -1 0 -1 0 0 0 0 0 150 50 0 0 20 0 1 0 12345 0 0 0",
    ])
    func `a line that cannot be parsed, or of a process that is being removed, gives nothing`(line: String) {
        #expect(ProcessTable.Entry(pid: 42, stat: Array(line.utf8)) == nil)
    }

    @Test func `children are known, and a variable tells them apart`() throws {
        let child = try ChildProcess.spawn(
            ["sleep", "1000"], environment: ["MARK": "one"], newSession: true, input: .null, output: .null)
        #expect(ProcessTable.children().contains(child.pid))
        // The kernel lets the parent go on a moment before the new program's environment is there to be read.
        while try ProcessTable.variable(child.pid, "MARK") != "one" {}
        #expect(try ProcessTable.variable(child.pid, "MAR") == nil)
        let entry = try #require(ProcessTable.entry(of: child.pid))
        #expect(entry.session == child.pid)
        try ProcessTable.signal(entry, .kill)
        #expect(try child.wait() == .signaled(.kill))
        try ProcessTable.signal(entry, .kill)
    }

    @Test func `only orphans that no owner waits for are reaped`() throws {
        let child = try ChildProcess.spawn(["true"], newSession: true, output: .null)
        while try child.peek() == nil {}
        OwnedChildren.reapOrphans()
        #expect(try child.peek() == .exited(0))
        #expect(try child.wait() == .exited(0))
    }

    @Test(arguments: [
        ("30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw", "/sys/fs/cgroup"),
        (
            "1 2 0:1 / /sys rw - sysfs sysfs rw\n42 32 0:36 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup rw",
            "/sys/fs/cgroup/unified"
        ),
        ("1 2 0:1 / /sys rw - sysfs sysfs rw", nil), ("", nil), ("- cgroup2", nil),
    ])
    func `the place of the control groups is found`(text: String, place: String?) {
        #expect(Cgroup.mountPoint(text) == place)
    }
}
