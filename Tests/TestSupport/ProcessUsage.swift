// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc
internal import SystemIO

/// What a process has of the machine, as `/proc` tells.
package struct ProcessUsage: Sendable {
    package let descriptors: Int
    package let threads: Int
    package let residentKilobytes: Int

    package struct Unreadable: Error {}

    /// Of the process of the tests itself.
    package static func own() throws -> ProcessUsage {
        try ProcessUsage(of: ProcessInformation.pid)
    }

    /// How long the calling thread has worked.
    package static var threadNanoseconds: UInt64 {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return 0 }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    package init(of pid: Int32) throws {
        let status = String(decoding: try File.read(path: "/proc/\(pid)/status", limit: 1 << 20), as: UTF8.self)
        func number(_ key: String) throws -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(key + ":") }
            let digits = line?.drop { !$0.isNumber }.prefix { $0.isNumber }
            guard let digits, let number = Int(digits) else { throw Unreadable() }
            return number
        }
        descriptors = try DirectoryListing.count(of: "/proc/\(pid)/fd")
        threads = try number("Threads")
        residentKilobytes = try number("VmRSS")
    }
}
