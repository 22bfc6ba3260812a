// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// This process and its standard streams.
package enum ProcessInformation {
    /// Gives back the memory of program code, most of which only the start uses. What is used again is read from the system's cache.
    package static func releaseCode() { csys_release_code() }

    package static var pid: Int32 { getpid() }
    /// The effective user, whose permissions apply.
    package static var uid: UInt32 { geteuid() }
    package static var gid: UInt32 { getegid() }

    /// The niceness of this process.
    package static var niceness: Int { Int(csys_niceness()) }

    /// The directory of the program that this process runs; nil if the system does not show it.
    package static var programDirectory: String? {
        guard let program = linkTarget("/proc/self/exe"), let slash = program.lastIndex(of: UInt8(ascii: "/")) else {
            return nil
        }
        return String(decoding: program[..<slash], as: UTF8.self)
    }

    /// A path that does not depend on the directory in which the process works.
    package static func absolutePath(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory = linkTarget("/proc/self/cwd") else { return path }
        let parts = path.split(separator: "/").filter { $0 != "." }
        return ([String(decoding: directory, as: UTF8.self)] + parts.map(String.init)).joined(separator: "/")
    }

    /// What a symbolic link names; nil if there is none.
    private static func linkTarget(_ path: String) -> ArraySlice<UInt8>? {
        var text = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe text.withUnsafeMutableBytes { text in
            guard let base = text.baseAddress else { return -1 }
            return unsafe readlink(path, base.assumingMemoryBound(to: CChar.self), text.count)
        }
        return count > 0 ? text.prefix(count) : nil
    }

    /// The name of this host; empty if the system does not know it.
    package static var hostName: String {
        var name = [UInt8](repeating: 0, count: 256)
        let isKnown = unsafe name.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            return unsafe gethostname(base.assumingMemoryBound(to: CChar.self), bytes.count - 1) == 0
        }
        return isKnown ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : ""
    }

    /// The index of an argument of this process that is not UTF-8, counted from 1; Swift would change its text. Nil if
    /// all are.
    package static var malformedArgument: Int? {
        (1..<max(1, Int(CommandLine.argc))).first { index in
            guard let argument = unsafe CommandLine.unsafeArgv[index] else { return false }
            return unsafe String(validatingCString: argument) == nil
        }
    }

    /// Whether a descriptor is a terminal.
    package static func isTerminal(_ number: Int32) -> Bool { isatty(number) == 1 }

    /// The size of a terminal in characters; nil if the descriptor is not a terminal, or its size is unknown.
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
    /// - Throws: `EFBIG` if there are more than `limit` bytes.
    package static func readStandardInput(limit: Int) throws(SystemError) -> [UInt8] {
        let number = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
        guard number >= 0 else { throw .last("read", "standard input") }
        return try File.readToEnd(FileDescriptor(adopting: number), limit: limit, subject: "standard input")
    }

    /// Stops the whole process, as a shell expects of a suspended program; returns when it is continued.
    package static func pause() { raise(SIGSTOP) }

    /// How much memory the limits of this process leave; nil if the system does not say.
    package static func memory() -> MemoryRoom? {
        var room = csys_memory()
        guard unsafe csys_memory_room(&room) else { return nil }
        func limited(_ room: UInt64, _ used: UInt64) -> MemoryRoom.Limited? {
            room == .max ? nil : MemoryRoom.Limited(room: room, used: used)
        }
        return MemoryRoom(
            addressSpace: limited(room.address_space, room.address_space_used),
            data: limited(room.data, room.data_used),
            threadStack: room.thread_stack)
    }

    /// The limit on the stack of the main thread, in bytes.
    package static var stackLimit: UInt64 { csys_stack_limit() }

    /// Raises the limit on open descriptors as far as allowed, and returns it. Programs that this process starts get
    /// the former limit.
    @discardableResult
    package static func raiseDescriptorLimit() throws(SystemError) -> Int {
        let limit = csys_raise_descriptor_limit()
        guard limit >= 0 else { throw .last("read the limit of open descriptors") }
        return Int(limit)
    }

    /// Makes all threads share one heap, so that they take less of a limited address space. Call before a second thread
    /// is started.
    package static func shareHeap() { csys_share_heap() }

    /// Makes each heap keep up to `bytes` free bytes, until a ``HeapTrimmer`` returns them, and take blocks of up to `largest` bytes from
    /// them.
    package static func keepHeap(_ bytes: Int, largest: Int) { csys_keep_heap(bytes, largest) }

    /// Starts `count` threads at once and ends them. Throws if the process may not have as many.
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

    /// Makes writing to a closed pipe an error instead of ending the process. Children start with the default again.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}

/// Bytes that cannot be guessed.
package enum RandomBytes {
    package static func make(_ count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard unsafe csys_random(&bytes, count) == 0 else { throw .last("get random bytes") }
        return bytes
    }
}
