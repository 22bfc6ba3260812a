// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import TestSupport
import Testing

/// A terminal of 24 by 80 characters for one run of `backendctl`.
enum Terminal {
    /// Starts the command, follows the script, and tells how the command ended and whether the terminal was restored.
    private static let driver = """
        import os, pty, select, signal, struct, sys, termios, fcntl
        signal.alarm(300)
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        before = termios.tcgetattr(slave)
        os.write(master, sys.argv[2].encode())
        child = os.fork()
        if child == 0:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for number in range(3): os.dup2(slave, number)
            os.execv(sys.argv[3], sys.argv[3:])
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
            global seen
            while True:
                pid, status = os.waitpid(child, os.WNOHANG)
                while select.select([master], [], [], 0.01)[0]: seen += os.read(master, 65536)
                if pid: break
            print("status", os.waitstatus_to_exitcode(status))
            print("restored" if termios.tcgetattr(slave) == before else "changed")
        exec(sys.argv[1])
        """

    /// Runs a command and a Python script that uses the definitions of the driver.
    ///
    /// - Parameters:
    ///   - arguments: The arguments of `backendctl`.
    ///   - daemon: The daemon that the command talks to.
    ///   - typed: What is typed before the command begins.
    ///   - script: What to do and to print.
    /// - Returns: What was printed.
    /// - Throws: If Python cannot be started.
    static func run(
        _ arguments: [String], on daemon: RunningDaemon, typed: String = "", _ script: String
    ) async throws -> [String] {
        let program = try RunningProgram(
            ["python3", "-c", driver, script, typed, Backendctl.executable] + arguments,
            environment: RunningProgram.environment.merging(["BACKENDD_SOCKET": daemon.path]) { $1 })
        let lines = await program.output.all()
        let errors = await program.errors.all()
        #expect(errors == [])
        return lines
    }
}
