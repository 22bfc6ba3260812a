// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc
package import SystemIO

/// Changes of the test process itself: for the child of an exit test, or limited to what the caller owns.
package enum TestProcess {
    /// Sends a signal to the calling thread alone.
    package static func raise(_ signal: Signal) {
        _ = Glibc.raise(signal.rawValue)
    }

    /// Limits how many descriptors the process may open; for the child of an exit test.
    package static func limitDescriptors(to count: UInt) {
        var limit = rlimit(rlim_cur: count, rlim_max: count)
        let result = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        precondition(result == 0, "the limit is not accepted")
    }

    /// The limit of a process on open descriptors.
    package static func descriptorLimit(of pid: Int32) throws(SystemError) -> UInt? {
        let text = String(decoding: try File.read(path: "/proc/\(pid)/limits", limit: 1 << 16), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("Max open files") }
        return line?.split(separator: " ").dropFirst(3).first.flatMap { UInt($0) }
    }

    /// Sets the soft limit of a process on open descriptors, which can be raised again.
    package static func limitDescriptors(of pid: Int32, to count: UInt?) async throws {
        let limit = count.map { "\($0)" } ?? "unlimited"
        let program = try RunningProgram(["prlimit", "--pid", "\(pid)", "--nofile=\(limit):"])
        let status = try await program.wait()
        precondition(status == .exited(0), "the limit is not accepted")
    }

    /// Sets the soft limit of a process on the size of files, which can be raised again.
    package static func limitFileSize(of pid: Int32, to bytes: UInt?) async throws {
        let limit = bytes.map { "\($0)" } ?? "unlimited"
        let program = try RunningProgram(["prlimit", "--pid", "\(pid)", "--fsize=\(limit):"])
        let status = try await program.wait()
        precondition(status == .exited(0), "the limit is not accepted")
    }

    /// Limits the descriptors of a process to those that are open, and `count` more.
    package static func leaveDescriptors(_ count: UInt, to pid: Int32) async throws {
        let open = Set(try Directory(path: "/proc/\(pid)/fd").names().compactMap { UInt($0) })
        var (limit, free): (UInt, UInt) = (0, 0)
        while free < count || open.contains(limit) {
            if !open.contains(limit) { free += 1 }
            limit += 1
        }
        try await limitDescriptors(of: pid, to: limit)
    }

    /// Gives a file to another user; needs root.
    package static func give(_ path: String, to uid: UInt32) -> Bool {
        unsafe lchown(path, uid, uid) == 0
    }

    /// Sets the modification time of a file back by `age`; a symbolic link is changed itself.
    package static func age(_ path: String, by age: Duration) {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        let time = timespec(tv_sec: now.tv_sec - Int(age.components.seconds), tv_nsec: 0)
        let result = unsafe utimensat(AT_FDCWD, path, [time, time], AT_SYMLINK_NOFOLLOW)
        precondition(result == 0, "the time is not accepted")
    }

    /// Sets the permission bits of a file.
    package static func setMode(_ path: String, _ mode: UInt32) {
        let result = unsafe chmod(path, mode)
        precondition(result == 0, "the mode is not accepted")
    }

    /// Gives a file a second name.
    package static func addName(_ name: String, to path: String) {
        let result = unsafe Glibc.link(path, name)
        precondition(result == 0, "the name is not accepted")
    }

    /// Whether a descriptor's number is open.
    package static func isOpen(_ number: Int32) -> Bool {
        fcntl(number, F_GETFD) >= 0
    }

    /// Whether a descriptor is closed by exec.
    package static func isCloseOnExec(_ number: Int32) -> Bool {
        fcntl(number, F_GETFD) & FD_CLOEXEC != 0
    }

    /// Whether a descriptor does not block.
    package static func isNonBlocking(_ number: Int32) -> Bool {
        fcntl(number, F_GETFL) & O_NONBLOCK != 0
    }

    /// Sets a variable of the process; for the child of an exit test.
    package static func setEnvironment(_ name: String, to value: String) {
        let result = unsafe setenv(name, value, 1)
        precondition(result == 0, "the variable is not accepted")
    }

    /// Opens a file for reading, for a child; the caller closes it.
    package static func openForReading(_ path: String) throws(SystemError) -> Int32 {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw .last("open", path) }
        return number
    }

    /// Makes a symbolic link.
    package static func link(_ target: String, at path: String) throws(SystemError) {
        guard unsafe symlink(target, path) == 0 else { throw .last("link", path) }
    }

    /// Processor time that the calling thread has used, in nanoseconds.
    package static var threadNanoseconds: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
