// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The resources that a process uses, from `/proc`.
package struct ProcessUsage: Sendable {
    package let descriptors: Int
    package let threads: Int
    package let residentKilobytes: Int

    package struct Unreadable: Error {}

    /// The usage of the test process itself.
    package static func own() throws -> ProcessUsage {
        try ProcessUsage(of: ProcessInformation.pid)
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
