// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Logging
package import SystemIO

/// What marks the processes that a program and its descendants are: a variable of their environment and, where the system allows it, a
/// resource limit, which they keep also when they clear their environment or leave their session.
///
/// The limit is that of file locks, which Linux has not enforced since version 2.4.
package struct ProcessMark: Hashable, Sendable {
    /// The name of the variable.
    package static let variable = "BACKENDD_INSTANCE"

    /// The value of the variable.
    package let text: String
    /// The soft limit of file locks; nil when the daemon may not set it to any value.
    package let lockLimit: UInt64?

    package init(text: String, lockLimit: UInt64?) {
        self.text = text
        self.lockLimit = lockLimit
    }

    /// A new mark; `prefix` says what the process is for.
    package init(prefix: String) {
        text = prefix + String(UInt64.random(in: .min ... .max), radix: 16)
        let own = try? Self.limits(of: ProcessInformation.pid)
        lockLimit = own?.last == "unlimited" ? UInt64.random(in: 1 << 48..<1 << 62) : nil
    }

    /// Whether a process has the mark. Throws when the daemon is out of descriptors.
    package func isOn(_ pid: Int32) throws(SystemError) -> Bool {
        if let lockLimit, try Self.limits(of: pid).first == "\(lockLimit)" { return true }
        return try ProcessTable.variable(pid, Self.variable) == text
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

/// Kills processes that are not supervised any more.
package struct ProcessSweep: Sendable {
    private static let longest = Duration.seconds(60)

    private let log: Logger

    package init(log: Logger) {
        self.log = log
    }

    /// Kills all processes that `isWanted` names, until `looks` looks in a row find none: one may fork while the others are being
    /// killed. Blocks on files; a cancelled task goes on.
    package func run(
        _ subject: String, in group: Cgroup? = nil, looks: Int = 3,
        where isWanted: (ProcessTable.Entry) throws(SystemError) -> Bool
    ) async {
        let start = ContinuousClock.now
        var (misses, pause) = (0, Duration.milliseconds(1))
        while true {
            let found = found(in: group, where: isWanted)
            misses = found?.isEmpty == true ? misses + 1 : 0
            if misses >= looks { return }
            group?.kill()
            for process in found ?? [] { try? ProcessTable.signal(process, .kill) }
            if ContinuousClock.now - start > Self.longest {
                log.error(
                    "processes cannot be killed",
                    metadata: ["of": "\(subject)", "pids": "\(found?.map(\.pid) ?? [])"])
                return
            }
            let current = pause
            await Background.task { try? await Background.sleep(for: current) }.value
            if misses == 0 { pause = min(pause * 2, .milliseconds(50)) }
        }
    }

    /// Nil when the daemon is out of descriptors.
    private func found(
        in group: Cgroup?, where isWanted: (ProcessTable.Entry) throws(SystemError) -> Bool
    ) -> [ProcessTable.Entry]? {
        let (members, own) = (Set(group?.members ?? []), ProcessInformation.pid)
        var found: [ProcessTable.Entry] = []
        do throws(SystemError) {
            for entry in try ProcessTable.read() where !entry.isZombie && entry.pid != own {
                if members.contains(entry.pid) {
                    found.append(entry)
                } else if try isWanted(entry) {
                    found.append(entry)
                }
            }
            return found
        } catch {
            return nil
        }
    }
}
