// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// What this process is, and its standard streams.
package enum ProcessInformation {
    package static var pid: Int32 { getpid() }
    /// The effective user, whose permissions count.
    package static var uid: UInt32 { geteuid() }
    package static var gid: UInt32 { getegid() }

    /// The name of this host; empty when the system does not say.
    package static var hostName: String {
        var name = [UInt8](repeating: 0, count: 256)
        let isKnown = unsafe name.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            return unsafe gethostname(base.assumingMemoryBound(to: CChar.self), bytes.count - 1) == 0
        }
        return isKnown ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : ""
    }

    /// Which argument of this process is not UTF-8, counted from 1: what Swift makes of it is another text.
    package static var malformedArgument: Int? {
        (1..<max(1, Int(CommandLine.argc))).first { index in
            guard let argument = unsafe CommandLine.unsafeArgv[index] else { return false }
            return unsafe String(validatingCString: argument) == nil
        }
    }

    /// Whether a descriptor is a terminal.
    package static func isTerminal(_ number: Int32) -> Bool { isatty(number) == 1 }

    /// The size of a terminal in characters; nil where the descriptor is none, or does not know.
    package static func terminalSize(_ number: Int32) -> (columns: Int, rows: Int)? {
        var (columns, rows): (UInt16, UInt16) = (0, 0)
        guard unsafe csys_terminal_size(number, &columns, &rows) == 0, columns > 0, rows > 0 else { return nil }
        return (Int(columns), Int(rows))
    }

    /// Writes a text to standard output, unbuffered.
    package static func writeStandardOutput(_ text: String) throws(SystemError) {
        try FileDescriptor.writeAll(Array(text.utf8), to: STDOUT_FILENO)
    }

    /// Writes a text to standard error, unbuffered.
    package static func writeStandardError(_ text: String) throws(SystemError) {
        try FileDescriptor.writeAll(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Reads standard input to its end.
    ///
    /// - Throws: `EFBIG` when there are more than `limit` bytes.
    package static func readStandardInput(limit: Int) throws(SystemError) -> [UInt8] {
        let number = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
        guard number >= 0 else { throw .last("read", "standard input") }
        return try File.readToEnd(FileDescriptor(adopting: number), limit: limit, subject: "standard input")
    }

    /// Stops the whole process, as a shell expects it of a program that is to pause; returns when it goes on.
    package static func pause() { raise(SIGSTOP) }

    /// How much memory the limits of this process leave; nil when the system does not say.
    package static func memory() -> MemoryRoom? {
        var room = csys_memory()
        guard unsafe csys_memory_room(&room) else { return nil }
        func limited(_ room: UInt64, _ used: UInt64) -> MemoryRoom.Limited? {
            room == .max ? nil : MemoryRoom.Limited(room: room, used: used)
        }
        return MemoryRoom(
            addressSpace: limited(room.address_space, room.address_space_used),
            data: limited(room.data, room.data_used),
            threadStack: room.thread_stack, processors: Int(clamping: room.processors))
    }

    /// How many bytes the stack of the main thread may take.
    package static var stackLimit: UInt64 { csys_stack_limit() }

    /// Allows as many open descriptors as the process may have. Programs that it starts get the limit from before. Returns how many.
    @discardableResult
    package static func raiseDescriptorLimit() throws(SystemError) -> Int {
        let limit = csys_raise_descriptor_limit()
        guard limit >= 0 else { throw .last("read the limit of open descriptors") }
        return Int(limit)
    }

    /// Has all threads share one heap, so that they take less of an address space that is limited. Call before there is a second
    /// thread.
    package static func shareHeap() { csys_share_heap() }

    /// Starts `count` threads at a time and ends them. Throws when the process may not have as many.
    package static func tryThreads(_ count: Int) throws(SystemError) {
        let code = csys_try_threads(Int32(clamping: count))
        if code != 0 { throw SystemError(code: code, call: "start", subject: "\(count) threads") }
    }

    /// Whether this process can open `count` more descriptors now.
    package static func canOpenDescriptors(_ count: Int) -> Bool {
        var opened: [Int32] = []
        defer { for number in opened { close(number) } }
        for _ in 0..<count {
            let number = unsafe csys_open_read("/dev/null")
            guard number >= 0 else { return false }
            opened.append(number)
        }
        return true
    }

    /// Makes writing to a closed pipe an error instead of the process's end. Children are started with the default again.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
