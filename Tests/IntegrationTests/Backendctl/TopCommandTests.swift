// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
import Testing

/// `backendctl top` with a terminal of its own.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct TopCommandTests {
    private static func run(_ daemon: RunningDaemon, typed: String = "", _ script: String) async throws -> [String] {
        try await Terminal.run(["top", "--interval", "100ms"], on: daemon, typed: typed, script)
    }

    private static let configuration = "backends: [{name: abc, type: LOCAL}, {name: xyz, type: LOCAL}]"

    @Test func `keys sort the table and end it, and a line names them`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            let lines = try await Self.run(
                backendctl.daemon,
                """
                shown(b" 2 backends, 0 processes")
                shown(b"[n name]")
                mode()
                press(b"m"); shown(b"[m memory]")
                press(b"\\x1b[C\\x1bOMu"); shown(b"[u uptime]")
                press(b"q")
                ended()
                """)
            #expect(lines == ["raw", "status 0", "restored"])
        }
    }

    @Test(arguments: [
        ("press(b'\\x03')", 130), ("os.kill(child, signal.SIGINT)", 130), ("os.kill(child, signal.SIGTERM)", 143),
    ])
    func `a signal ends it, and the terminal is as it was`(send: String, status: Int) async throws {
        try await withBackendctl { backendctl in
            let lines = try await Self.run(backendctl.daemon, "shown(b'[n name]'); mode(); \(send); ended()")
            #expect(lines == ["raw", "status \(status)", "restored"])
        }
    }

    @Test func `an input that ends before the table is there ends it`() async throws {
        try await withBackendctl { backendctl in
            let lines = try await Self.run(backendctl.daemon, typed: "\u{4}", "ended()")
            #expect(lines == ["status 0", "restored"])
        }
    }

    @Test func `it pauses with the terminal as it was, and goes on`() async throws {
        try await withBackendctl { backendctl in
            let lines = try await Self.run(
                backendctl.daemon,
                """
                shown(b"[n name]"); press(b"\\x1a")
                print(os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1])); mode()
                seen = b""
                os.kill(child, signal.SIGCONT); shown(b"\\x1b[?25l"); shown(b"[n name]"); mode()
                press(b"q"); ended()
                """)
            #expect(lines == ["True", "canonical", "raw", "status 0", "restored"])
        }
    }

    @Test func `it outlives the daemon, and q ends it while the daemon hangs`() async throws {
        let daemon = try await RunningDaemon.start()
        let lines = try await Self.run(
            daemon,
            """
            shown(b"[n name]")
            os.kill(\(daemon.pid), signal.SIGSTOP); press(b"m"); shown(b"[m memory]")
            os.kill(\(daemon.pid), signal.SIGCONT); os.kill(\(daemon.pid), signal.SIGKILL); shown(b"backendctl: UNAVAILABLE")
            press(b"q"); ended()
            """)
        #expect(lines == ["status 0", "restored"])
        let absent = try await Self.run(daemon, "shown(b'NO_DAEMON'); ended()")
        #expect(absent == ["status 7", "restored"])
    }
}
