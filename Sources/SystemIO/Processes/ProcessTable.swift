// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// The processes of the host, as `/proc` shows them.
package enum ProcessTable {
    /// One process.
    package struct Entry: Hashable, Sendable {
        package let pid: Int32
        package let parent: Int32
        package let group: Int32
        package let session: Int32
        /// As `ps` names it: `R`, `S`, `D`, `Z` and so on.
        package let state: Character
        /// Clock ticks after the boot; distinguishes a process from one that gets its number later.
        package let startTime: UInt64
        package let processorTime: Duration
        package let residentBytes: UInt64

        /// Whether it has ended and is not reaped.
        package var isZombie: Bool { state == "Z" || state == "X" }
    }

    /// All processes; those that start or end meanwhile may be missing. Empty if no descriptor is left.
    package static func all() -> [Entry] { (try? read()) ?? [] }

    /// All processes; those that start or end meanwhile may be missing. Throws if no descriptor is left.
    package static func read() throws(SystemError) -> [Entry] {
        var entries: [Entry] = []
        for number in try numbers(in: "/proc") {
            if let entry = try read(number) { entries.append(entry) }
        }
        return entries
    }

    /// One process; nil if it does not exist.
    package static func entry(of pid: Int32) -> Entry? { (try? read(pid)) ?? nil }

    private static func read(_ pid: Int32) throws(SystemError) -> Entry? {
        guard let bytes = try file("/proc/\(pid)/stat", limit: 4096) else { return nil }
        return Entry(pid: pid, stat: bytes)
    }

    /// The content of a file of `/proc`; nil if it cannot be read. Throws if no descriptor is left.
    private static func file(_ path: String, limit: Int) throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            return try File.read(path: path, limit: limit)
        } catch {
            if error.isOutOfDescriptors { throw error }
            return nil
        }
    }

    /// The children of this process.
    package static func children() -> [Int32] {
        let own = getpid()
        var children: [Int32] = []
        for thread in (try? numbers(in: "/proc/\(own)/task")) ?? [] {
            guard let bytes = try? File.read(path: "/proc/\(own)/task/\(thread)/children", limit: 1 << 20) else {
                // The kernel does not have this file; the table knows the parents too.
                return all().filter { $0.parent == own }.map(\.pid)
            }
            children += String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
        }
        return children
    }

    /// The processes that get the orphans of this process's descendants: those above it, and the first process.
    package static func ancestors() -> Set<Int32> {
        var ancestors: Set<Int32> = [1]
        var next = getppid()
        while next > 0, ancestors.insert(next).inserted { next = entry(of: next)?.parent ?? 0 }
        return ancestors
    }

    /// The value of a variable that a process was started with. Nil if it has none, or its environment may not be read.
    /// Throws if no descriptor is left.
    package static func variable(_ pid: Int32, _ name: String) throws(SystemError) -> String? {
        guard let bytes = try file("/proc/\(pid)/environ", limit: 1 << 21) else { return nil }
        let wanted = Array("\(name)=".utf8)
        let found = bytes.split(separator: 0).first { $0.starts(with: wanted) }
        return found.map { String(decoding: $0.dropFirst(wanted.count), as: UTF8.self) }
    }

    /// Whether a process was started in the container of this one, or outside of any as this one; false if that cannot be seen.
    package static func isOfSameContainer(_ pid: Int32) -> Bool {
        func container(_ process: String) -> FileIdentity? {
            (try? FileIdentity.of(path: "/proc/\(process)/ns/pid", followingLinks: true)) ?? nil
        }
        guard let other = container("\(pid)") else { return false }
        return other == container("self")
    }

    /// Sends a signal to exactly this process. Does nothing if it has ended, even if another process has its number
    /// now.
    package static func signal(_ entry: Entry, _ signal: Signal) throws(SystemError) {
        let number = csys_pidfd_open(entry.pid)
        guard number >= 0 else { return }
        let process = FileDescriptor(adopting: number)
        // The descriptor refers to the process that has the number now; its start time tells whether it is the one that
        // was meant.
        guard Self.entry(of: entry.pid)?.startTime == entry.startTime else { return }
        guard csys_pidfd_signal(process.rawValue, signal.rawValue) == 0 else {
            let code = errno
            guard code == ESRCH else { throw SystemError(code: code, call: "signal process", subject: "\(entry.pid)") }
            return
        }
    }

    private static func numbers(in directory: String) throws(SystemError) -> [Int32] {
        guard let stream = unsafe opendir(directory) else {
            let error = SystemError.last("open directory", directory)
            if error.isOutOfDescriptors { throw error }
            return []
        }
        defer { unsafe closedir(stream) }
        var numbers: [Int32] = []
        while let entry = unsafe readdir(stream) {
            var name = unsafe entry.pointee.d_name
            let number = unsafe withUnsafeBytes(of: &name) { bytes -> Int32? in
                var number: Int32 = 0
                for index in bytes.indices {
                    let byte = unsafe bytes[index]
                    if byte == 0 { return number > 0 ? number : nil }
                    guard byte >= 48, byte <= 57, number < 100_000_000 else { return nil }
                    number = number * 10 + Int32(byte - 48)
                }
                return nil
            }
            if let number { numbers.append(number) }
        }
        return numbers
    }
}

extension ProcessTable.Entry {
    /// Reads a line of `/proc/PID/stat`. The name in it may contain anything, so the fields are counted from its last
    /// parenthesis.
    package init?(pid: Int32, stat: [UInt8]) {
        guard let end = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = String(decoding: stat[(end + 1)...], as: UTF8.self).split(whereSeparator: {
            $0 == " " || $0 == "\n"
        })
        guard fields.count > 21, let state = fields[0].first, let parent = Int32(fields[1]),
            let group = Int32(fields[2]),
            let session = Int32(fields[3]), let user = UInt64(fields[11]), let system = UInt64(fields[12]),
            let start = UInt64(fields[19]), let pages = UInt64(fields[21]),
            // A process that is being removed has no group, no session and no parent any more.
            group >= 0
        else { return nil }
        self.init(
            pid: pid, parent: parent, group: group, session: session, state: state, startTime: start,
            processorTime: .milliseconds((user &+ system) &* 1000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))),
            residentBytes: pages &* UInt64(max(1, getpagesize())))
    }
}
