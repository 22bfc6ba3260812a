// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A resource limit that marks a program and its descendants. They inherit it, and keep it when they clear their environment or leave
/// their session.
///
/// It is the limit of file locks, which Linux has not enforced since version 2.4.
struct LimitMark: Sendable {
    /// The soft limit that the program is started with.
    let value: UInt64

    /// Nil when the daemon may not set the limit to any value.
    init?() {
        guard let own = try? Self.limits(of: ProcessInformation.pid), own.last == "unlimited" else { return nil }
        value = UInt64.random(in: 1 << 48..<1 << 62)
    }

    /// Whether a process has the mark. Throws when the daemon is out of descriptors.
    func isOn(_ pid: Int32) throws(SystemError) -> Bool {
        try Self.limits(of: pid).first == "\(value)"
    }

    /// The soft and the hard limit; empty when the process has ended.
    private static func limits(of pid: Int32) throws(SystemError) -> [Substring] {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(path: "/proc/\(pid)/limits", limit: 1 << 14)
        } catch {
            if error.isOutOfDescriptors { throw error }
            return []
        }
        let name = "Max file locks"
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(name) }
        return Array((line ?? "").dropFirst(name.count).split(separator: " ").prefix(2))
    }
}
