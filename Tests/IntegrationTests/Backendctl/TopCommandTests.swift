// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
import Testing

/// `backendctl top` with a terminal of its own.
@Suite(.timeLimit(.minutes(10))) struct TopCommandTests {
    /// Starts the command on a terminal of 24 times 80 characters, does what the lines after it say, and tells how it ended and
    /// whether the terminal is as it was.
    private static let driver = """
        import os, pty, select, signal, struct, sys, termios, fcntl
        signal.alarm(300)
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        before = termios.tcgetattr(slave)
        child = os.fork()
        if child == 0:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for number in range(3): os.dup2(slave, number)
            os.execv(sys.argv[1], sys.argv[1:3] + ["--interval", "100ms"])
        seen = b""
        def shown(text):
            global seen
            while text not in seen:
                if not select.select([master], [], [], 60)[0]: sys.exit("not shown: %r in %r" % (text, seen))
                seen += os.read(master, 65536)
            seen = seen[seen.index(text) + len(text):]
        def press(keys): os.write(master, keys)
        def mode(): print("canonical" if termios.tcgetattr(slave)[3] & termios.ICANON else "raw")
        def ended():
            while not select.select([master], [], [], 0.01)[0] or os.read(master, 65536):
                pid, status = os.waitpid(child, os.WNOHANG)
                if pid: break
            print("status", os.waitstatus_to_exitcode(status))
            print("restored" if termios.tcgetattr(slave) == before else "changed")
        exec(sys.argv[3])
        """

    private static func run(_ daemon: RunningDaemon, _ script: String) async throws -> [String] {
        let program = try RunningProgram(
            ["python3", "-c", driver, Backendctl.executable, "top", script],
            environment: RunningProgram.environment.merging(["BACKENDD_SOCKET": daemon.path]) { $1 })
        let lines = await program.output.all()
        let errors = await program.errors.all()
        #expect(errors == [])
        return lines
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
