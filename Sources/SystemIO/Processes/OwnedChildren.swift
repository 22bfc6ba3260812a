// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// The children that this process waits for itself, so that the others can be reaped.
package enum OwnedChildren {
    /// One child, until the value is dropped.
    final class Ownership: Sendable {
        fileprivate let pid: Int32

        fileprivate init(pid: Int32) {
            self.pid = pid
        }

        deinit {
            let pid = pid
            owned.withLock { _ = $0.remove(pid) }
        }
    }

    private static let owned = Guarded<Set<Int32>>([])

    /// Starts a child and notes that it has an owner, in one step.
    static func spawning(_ spawn: () -> (code: Int32, pid: Int32)) -> (Int32, Int32, Ownership) {
        owned.withLock { owned in
            let (code, pid) = spawn()
            if code == 0 { owned.insert(pid) }
            return (code, pid, Ownership(pid: code == 0 ? pid : -1))
        }
    }

    /// Reaps the orphans that have ended, if this is the first process of its system or container, which gets them all. Returns their
    /// number.
    ///
    /// An orphan is a child that this process has not started and that belongs to another session: a library may wait
    /// for a child of this session.
    @discardableResult
    package static func reapOrphans() -> Int {
        guard getpid() == 1 else { return 0 }
        let session = getsid(0)
        return owned.withLock { owned in
            var count = 0
            for pid in ProcessTable.children() where !owned.contains(pid) {
                guard let entry = ProcessTable.entry(of: pid), entry.isZombie, entry.session != session else {
                    continue
                }
                let process = csys_pidfd_open(pid)
                guard process >= 0 else { continue }
                let descriptor = FileDescriptor(adopting: process)
                var value: Int32 = 0
                let result = unsafe csys_pidfd_reap(descriptor.rawValue, false, &value)
                if result == Int32(CSYS_EXITED) || result == Int32(CSYS_SIGNALED) { count += 1 }
            }
            return count
        }
    }
}
