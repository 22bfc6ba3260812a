// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
internal import SocketRPC
import SystemIO
import Testing
import backendctl

@Suite struct LiveTopTests {
    private static func reading(_ names: String...) -> LiveTop.Input {
        let backends = names.map { BackendDescription(Backend(name: $0, type: "LOCAL", state: .stopped)) }
        return .read(backends, at: .seconds(1), now: Timestamp(seconds: 1000))
    }

    private static func keys(_ text: String) -> LiveTop.Input { .keys(Array(text.utf8)) }

    private static let host = HostStatus(name: "box", uptime: .seconds(60))

    @Test func `each reading is drawn, with the host above it`() {
        var top = LiveTop(order: .name)
        #expect(top.take(Self.reading("a")) == [.draw])
        #expect(top.text(host: Self.host, columns: 80).hasPrefix("box, up 1m00s, 1 backend, 0 processes, "))
        #expect(top.text(host: Self.host, columns: 80).contains("\na     STOPPED"))
    }

    @Test func `it ends after count readings`() {
        var top = LiveTop(order: .name, count: 2)
        #expect(top.take(Self.reading("a")) == [.draw])
        #expect(top.take(Self.keys("m")) == [.draw])
        #expect(top.take(Self.reading("a")) == [.draw, .end(status: 0)])
    }

    @Test(
        arguments: [
            ("n", .name), ("m", .memory), ("M", .memory), ("c", .cpu), ("u", .uptime), ("r", .restarts), ("s", .uses),
        ] as [(String, TopOrder)])
    func `a key sorts`(key: String, order: TopOrder) {
        var top = LiveTop(order: .uses)
        #expect(top.take(Self.keys(key)) == [.draw])
        #expect(top.order == order)
        #expect(top.footer(columns: 200).joined().contains("[\(key.lowercased()) \(order)]"))
    }

    @Test(arguments: ["q", "Q", "\u{4}", "\u{0}", "mq"]) func `a key ends it`(keys: String) {
        var top = LiveTop(order: .name)
        #expect(top.take(Self.keys(keys)) == [.end(status: 0)])
    }

    @Test func `a key after an arrow counts`() {
        var top = LiveTop(order: .name)
        #expect(top.take(Self.keys("\u{1B}[1;5C\u{1B}OMu")) == [.draw])
        #expect(top.order == .uptime)
    }

    @Test(arguments: ["\u{1B}[C", "\u{1B}OM", "x", "\u{1}", "é"]) func `other keys do nothing`(keys: String) {
        var top = LiveTop(order: .name)
        #expect(top.take(Self.keys(keys)) == [])
        #expect(top.order == .name)
    }

    @Test(
        arguments: [
            ("", "a b", "… 3 more"), ("j", "b c", "… 1 above, 2 more"),
            ("\u{1B}[B\u{1B}OB", "c d", "… 2 above, 1 more"),
            (" ", "c d", "… 2 above, 1 more"), ("jjjjjjjj", "d e", "… 3 above"), ("kkj", "b c", "… 1 above, 2 more"),
            (" b", "a b", "… 3 more"), ("\u{1B}[6~\u{1B}[5~", "a b", "… 3 more"),
        ] as [(String, String, String)])
    func `rows that do not fit are counted, and keys move to them`(keys: String, names: String, rest: String) {
        var top = LiveTop(order: .name)
        _ = top.take(Self.reading("a", "b", "c", "d", "e"))
        func lines() -> [String] {
            top.drawing(host: Self.host, columns: 80, rows: 7, hasKeys: false).replacing("\u{1B}[K", with: "")
                .split(separator: "\n").map { String($0) }
        }
        _ = lines()
        if !keys.isEmpty { #expect(top.take(Self.keys(keys)) == [.draw]) }
        _ = lines()
        // A step back from behind the end is seen at once.
        let shown = lines()
        #expect(shown[1].hasPrefix("NAME"))
        #expect(shown.dropFirst(2).prefix(2).map { String($0.prefix(1)) }.joined(separator: " ") == names)
        #expect(shown[4] == rest)
    }

    @Test func `a lost daemon is reported until it is back, and one that never answered ends the table`() {
        let lost = BackendClientError(.unavailable, reason: .noDaemon, "cannot connect")
        var top = LiveTop(order: .name)
        #expect(top.take(.failed(lost)) == [.fail(lost)])
        _ = top.take(Self.reading("a"))
        #expect(top.take(.failed(lost)) == [.draw])
        #expect(top.text(host: Self.host, columns: 80).hasPrefix("backendctl: UNAVAILABLE NO_DAEMON: cannot connect"))
        #expect(top.take(Self.reading("a")) == [.draw])
        #expect(top.text(host: Self.host, columns: 80).hasPrefix("box"))
        let denied = BackendClientError(.permissionDenied, "no")
        #expect(top.take(.failed(denied)) == [.fail(denied)])
    }

    @Test(
        arguments: [
            (.interrupt, [.end(status: 130)]), (.terminate, [.end(status: 143)]), (.hangup, [.end(status: 129)]),
            (.quit, [.end(status: 131)]), (.pause, [.pause]), (.continue, [.resume, .draw]), (.resize, [.draw]),
        ] as [(Signal, [LiveTop.Action])])
    func `each signal has its own effect`(signal: Signal, actions: [LiveTop.Action]) {
        var top = LiveTop(order: .name)
        #expect(top.take(.signal(signal)) == actions)
        #expect(top.take(.terminalGone) == [.end(status: 129)])
    }

    @Test(arguments: [200, 80, 50, 20, 1]) func `the keys take further lines if one does not fit all`(
        columns: Int
    ) {
        let lines = LiveTop(order: .memory).footer(columns: columns)
        for word in ["q quit", "n name", "[m memory]", "c cpu", "u uptime", "r restarts", "s uses"] {
            #expect(lines.joined(separator: "\n").contains(word))
        }
        if columns >= 20 { #expect(lines.allSatisfy { $0.count <= columns }) }
    }
}
