// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// A control group, which processes cannot leave on their own: a leaf of the unified hierarchy below this process's
/// group.
package final class Cgroup: Sendable {
    package let path: String
    private let isRemoved = Guarded(false)
    /// Whether the kernel enforces the memory limit of its processes.
    package let isMemoryBounded: Bool

    /// Creates a leaf; nil if the hierarchy is missing or may not be changed.
    ///
    /// - Parameters:
    ///   - name: Its name below this process's group, with a number if it is taken.
    ///   - memory: The memory its processes may use together, in bytes; not enforced if the group has no memory
    ///     controller.
    ///   - base: The group below which it is created.
    package init?(name: String, memory: Int64? = nil, below base: String? = Cgroup.base) {
        guard let base, let path = Self.makeDirectory(base, name) else { return nil }
        self.path = path
        isMemoryBounded =
            memory.map { memory in
                Self.enableMemory(base) && (try? Self.write("\(memory)", to: path + "/memory.max")) != nil
            } ?? false
    }

    /// Whether leaves below a group can have a memory limit.
    package static func offersMemory(below base: String?) -> Bool {
        guard let base, let bytes = try? File.read(path: base + "/cgroup.controllers", limit: 4096) else {
            return false
        }
        return String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }.contains("memory")
    }

    /// Enables the memory controller for the leaves.
    ///
    /// A group that enables controllers for its children must not contain processes itself: if this process is in the
    /// way, it moves to a leaf of its own.
    private static func enableMemory(_ base: String) -> Bool {
        let control = base + "/cgroup.subtree_control"
        if (try? write("+memory", to: control)) != nil { return true }
        let own = base + "/backendd"
        _ = unsafe mkdir(own, 0o755)
        return (try? write("0", to: own + "/cgroup.procs")) != nil && (try? write("+memory", to: control)) != nil
    }

    /// A leaf that an earlier process has created; nil if it is gone.
    package init?(existing path: String) {
        guard (try? File.kind(of: path)) == .directory else { return nil }
        self.path = path
        isMemoryBounded = false
    }

    deinit {
        // By then another one may have the name.
        if !isRemoved.withLock({ $0 }) { remove() }
    }

    /// Removes the leaves without a process whose creator has ended: those whose name is the prefix, its process ID, a minus sign and more.
    package static func removeAbandoned(_ prefix: String, below base: String?) {
        guard let base, let names = try? Directory(path: base).names() else { return }
        for name in names where name.hasPrefix(prefix) {
            guard let number = name.dropFirst(prefix.count).split(separator: "-").first, let pid = Int32(number),
                ProcessTable.entry(of: pid) == nil
            else { continue }
            unsafe rmdir("\(base)/\(name)")
        }
    }

    /// The processes in it.
    package var members: [Int32] {
        guard let bytes = try? File.read(path: path + "/cgroup.procs", limit: 1 << 20) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { Int32($0) }
    }

    /// Kills all its processes at once; false if the kernel cannot, as before version 5.14.
    @discardableResult
    package func kill() -> Bool {
        (try? Self.write("1", to: path + "/cgroup.kill")) != nil
    }

    /// Removes it. Does nothing while a process is in it. Call it before another one of the name is created.
    package func remove() {
        guard unsafe rmdir(path) == 0 || errno == ENOENT else { return }
        isRemoved.withLock { $0 = true }
    }

    /// The group below which leaves are created: this process's own.
    package static let base: String? = {
        guard let mounts = try? File.read(path: "/proc/self/mountinfo", limit: 1 << 20),
            let groups = try? File.read(path: "/proc/self/cgroup", limit: 1 << 16),
            let mount = mountPoint(String(decoding: mounts, as: UTF8.self)),
            let own = String(decoding: groups, as: UTF8.self).split(separator: "\n").first(where: {
                $0.hasPrefix("0::")
            })
        else { return nil }
        let path = String(own.dropFirst(3))
        return path == "/" ? mount : mount + path
    }()

    /// The mount point of the unified hierarchy in the text of a `mountinfo`.
    package static func mountPoint(_ mountInformation: String) -> String? {
        for line in mountInformation.split(separator: "\n") {
            let parts = line.split(separator: " ").map(String.init)
            guard let dash = parts.firstIndex(of: "-"), parts.count > dash + 1, parts[dash + 1] == "cgroup2",
                parts.count > 4
            else { continue }
            return parts[4]
        }
        return nil
    }

    private static func makeDirectory(_ base: String, _ name: String) -> String? {
        for number in 0..<1000 {
            let path = number == 0 ? "\(base)/\(name)" : "\(base)/\(name)-\(number)"
            if unsafe mkdir(path, 0o755) == 0 { return path }
            guard errno == EEXIST else { return nil }
        }
        return nil
    }

    private static func write(_ text: String, to path: String) throws(SystemError) {
        let number = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard number >= 0 else { throw .last("open", path) }
        let file = FileDescriptor(adopting: number)
        try FileDescriptor.writeAll(Array(text.utf8), to: file.rawValue)
    }
}
