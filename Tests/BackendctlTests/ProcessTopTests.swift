// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
internal import ConfigDocument
internal import SocketRPC
import Testing
import backendctl

@Suite struct ProcessTopTests {
    private static func backend(
        _ name: String, _ state: BackendsAPI.BackendState, _ instances: [Instance]
    ) -> BackendDescription {
        BackendDescription(Backend(name: name, type: "PROCESS", state: state, instances: instances))
    }

    private static func instance(
        _ name: String, model: String = "", _ state: BackendsAPI.InstanceState = .ready, pid: Int32 = 100,
        cpu: Duration = .zero, started: Int64 = 1000, restarts: UInt32 = 0, uses: UInt32 = 0, bytes: UInt64 = 5 << 20
    ) -> Instance {
        Instance(
            name: name, modelID: model, state: state, pid: pid, restarts: restarts,
            startTime: pid == 0 ? nil : GoogleTimestamp(seconds: started), rssBytes: bytes,
            cpuTime: GoogleDuration(cpu), uses: uses)
    }

    private static func report(
        _ backends: [BackendDescription], at moment: Duration = .zero, now seconds: Int64, order: TopOrder = .name,
        host: HostStatus? = nil, columns: Int? = nil
    ) -> Report {
        var top = ProcessTop()
        top.take(backends, at: moment, now: Timestamp(seconds: seconds))
        return top.report(order: order, host: host, columns: columns)
    }

    @Test func `a backend with one process is one row, one with several is a tree`() {
        let report = Self.report(
            [
                Self.backend("local", .stopped, []),
                Self.backend("one", .started, [Self.instance("one", cpu: .seconds(25), uses: 2, bytes: 2 << 30)]),
                Self.backend(
                    "many", .started,
                    [
                        Self.instance("many/a", model: "a", pid: 7, restarts: 3, bytes: 300 << 20),
                        Self.instance("many/b", model: "b", .backoff, pid: 0, restarts: 2, bytes: 0),
                    ]),
            ], at: .seconds(5), now: 1100)
        #expect(
            report.text == """
                NAME   STATE    READY  PID  MEMORY  CPU    UPTIME  RESTARTS  USES
                local  STOPPED  -      -    -       -      -       -         -
                one    STARTED  yes    100  2.0G    25.0%  1m40s   0         2
                many   STARTED  1/2    -    300M    0.0%   -       5         0
                  a    READY    yes    7    300M    0.0%   1m40s   3         0
                  b    BACKOFF  no     -    -       -      -       2         0

                """)
        #expect(report.document["time"] == "1970-01-01T00:18:20.000Z")
        let instances = report.document["backends"]?.listValue?[1]["instances"]?.listValue
        #expect(instances?.first?["cpu_percent"] == 25)
        #expect(instances?.first?["pid"] == 100)
    }

    @Test func `a process that does not serve says why, and when it is started again`() {
        let failure = BackendsAPI.BackendFailure(
            reason: "EXITED", message: "it ended with exit code 3; it last wrote:\nx")
        let lost = BackendsAPI.BackendFailure(reason: "LOG_NOT_KEPT", message: "the disk is full")
        var waiting = Self.instance("a", .backoff, pid: 0, bytes: 0)
        (waiting.failure, waiting.retryTime) = (failure, GoogleTimestamp(seconds: 1105))
        var full = Self.instance("b")
        full.logFailure = lost
        var backend = Backend(name: "a", type: "PROCESS", state: .started, instances: [waiting])
        backend.unready = failure
        let backends = [BackendDescription(backend), Self.backend("b", .started, [full])]
        var top = ProcessTop()
        top.take(backends, at: .zero, now: Timestamp(seconds: 1100))
        let rows = top.report().text.split(separator: "\n")
        #expect(rows[0].hasSuffix("USES  WHY"))
        #expect(
            rows[1].hasPrefix("a     BACKOFF")
                && rows[1].contains("to be started again at 1970-01-01T00:18:25.000Z; EXITED"))
        #expect(rows[2].hasSuffix("LOG_NOT_KEPT: the disk is full"))
        let list = Report.list(backends).text.split(separator: "\n")
        #expect(list[1].contains("UNREADY") && list[1].hasSuffix("EXITED: it ended with exit code 3; it last wrote: x"))
        #expect(list[2].hasSuffix("LOG_NOT_KEPT: the disk is full"))
        let status = Report.status(backends[0], models: [], lines: [], now: Timestamp(seconds: 1100)).text
        #expect(rows[1].hasSuffix("EXITED: it ended with exit code 3; it last wrote: x"))
        #expect(status.contains("UNREADY") && status.contains("to be started again at 1970-01-01T00:18:25.000Z"))
    }

    @Test(
        arguments: [
            ("it ended", "it ended"), ("it ended; it last wrote:\na\nFATAL\n \n", "it ended; it last wrote: FATAL"),
            ("it ended; it last wrote:", "it ended"), ("it ended; it last wrote:\n\n", "it ended"), ("", ""),
            ("one\ntwo", "one"),
        ] as [(String, String)])
    func `a message in one line ends with a whole sentence or the last line that was written`(
        message: String, line: String
    ) {
        #expect(message.inOneLine == line)
    }

    @Test func `in eighty columns each process is one row, whatever its reason`() {
        var backend = Backend(name: "llama", type: "PROCESS", state: .failed)
        backend.failure = BackendsAPI.BackendFailure(reason: "CRASH_LOOP", message: "it ended; it last wrote:\nFATAL")
        let report = Self.report(
            [BackendDescription(backend), Self.backend("b", .started, [Self.instance("b")])], now: 1100, columns: 80)
        let rows = report.text.split(separator: "\n")
        #expect(rows.count == 3 && rows.allSatisfy { $0.count <= 80 })
        #expect(rows[1].hasSuffix("…") && rows[1].contains("CRASH_LOOP"))
    }

    @Test func `the processor's share is that since the last reading of the same process`() {
        var top = ProcessTop()
        func share(_ cpu: Duration, pid: Int32 = 100, at moment: Duration) -> ConfigValue? {
            let backends = [Self.backend("a", .started, [Self.instance("a", pid: pid, cpu: cpu)])]
            top.take(backends, at: moment, now: Timestamp(seconds: 1010))
            return top.report().document["backends"]?.listValue?[0]["instances"]?.listValue?[0]["cpu_percent"]
        }
        #expect(share(.seconds(1), at: .seconds(1)) == 10)
        #expect(share(.seconds(4), at: .seconds(3)) == 150)
        #expect(share(.seconds(2), pid: 101, at: .seconds(5)) == 20)
        // A descendant that ended took its time along.
        #expect(share(.seconds(1), pid: 101, at: .seconds(6)) == 0)
    }

    @Test func `a clock that was set back does no harm`() {
        let backends = [Self.backend("a", .started, [Self.instance("a", started: 2000)])]
        let report = Self.report(backends, now: 1000)
        #expect(report.text.contains("0.0%  0s"))
    }

    @Test(arguments: [(42, "42s"), (187, "3m07s"), (7500, "2h05m"), (352_800, "4d02h")] as [(Int64, String)])
    func `times are written in short form`(seconds: Int64, text: String) {
        let backends = [Self.backend("a", .started, [Self.instance("a", started: 0)])]
        #expect(Self.report(backends, now: seconds).text.contains("  \(text)  "))
    }

    @Test(
        arguments: [
            (.name, ["a", "b", "c"]), (.memory, ["c", "a", "b"]), (.cpu, ["b", "a", "c"]), (.uptime, ["a", "c", "b"]),
            (.restarts, ["b", "a", "c"]), (.uses, ["c", "a", "b"]),
        ] as [(TopOrder, [String])])
    func `rows are sorted by the order, the largest first`(order: TopOrder, names: [String]) {
        let backends = [
            Self.backend("a", .started, [Self.instance("a", cpu: .seconds(10), started: 1000)]),
            Self.backend(
                "b", .started, [Self.instance("b", cpu: .seconds(90), started: 1080, restarts: 4, bytes: 1 << 20)]),
            Self.backend(
                "c", .started, [Self.instance("c", cpu: .zero, started: 1010, uses: 3, bytes: 9 << 20)]),
        ]
        let report = Self.report(backends, now: 1100, order: order)
        #expect(report.document["backends"]?.listValue?.compactMap { $0["name"]?.stringValue } == names)
        #expect(report.text.split(separator: "\n").dropFirst().map { String($0.prefix(1)) } == names)
    }

    @Test func `a header names the host and the totals`() {
        let backends = [
            Self.backend("a", .started, [Self.instance("a", cpu: .seconds(25), bytes: 1 << 30)]),
            Self.backend("b", .started, [Self.instance("b", pid: 0, bytes: 0)]),
        ]
        let host = HostStatus(name: "box\u{1B}", uptime: .seconds(7500))
        let report = Self.report(backends, now: 1100, host: host)
        #expect(report.text.hasPrefix("box\\u{1b}, up 2h05m, 2 backends, 1 process, 1.0G, 25.0%\n\nNAME "))
    }

    @Test(arguments: [50, 30, 10, 1]) func `a narrow terminal shows every cell`(columns: Int) {
        let backends = [Self.backend("llama", .started, [Self.instance("llama", cpu: .seconds(25), restarts: 3)])]
        let report = Self.report(backends, now: 1100, columns: columns)
        let words = ["llama", "STARTED", "yes", "100", "5.0M", "25.0%", "1m40s", "3", "0"]
        for word in words { #expect(report.text.contains(word)) }
        if columns >= 50 { #expect(report.text.split(separator: "\n").allSatisfy { $0.count <= columns }) }
    }
}
