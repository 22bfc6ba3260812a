// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// A small file system of its own at a directory of a test, for what a full disk does.
package enum SmallDisk {
    private struct NotMounted: Error {}

    /// Whether this user may mount one here.
    package static func isPossible() async -> Bool {
        guard ProcessInformation.uid == 0, let directory = try? TemporaryDirectory() else { return false }
        return (try? await with(directory.file("disk"), kilobytes: 64) {}) != nil
    }

    /// Calls `body` while the directory `path`, which is made, is the small file system; `files` includes the directory itself.
    package static func with(
        _ path: String, kilobytes: Int, files: Int = 1000, _ body: () async throws -> Void
    ) async throws {
        let options = "size=\(kilobytes)k,nr_inodes=\(files),mode=0700"
        try await run("mkdir", "-m", "0700", path)
        try await run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        // Also when something still has a file of it open.
        try await run("umount", "--lazy", path)
        try result.get()
    }

    /// Fills it to the last block.
    package static func fill(_ path: String) throws(SystemError) {
        let file = try File.openForAppending(path + "/filler")
        for size in [1 << 16, 1 << 12, 1 << 8, 1] {
            while (try? file.writeAll([UInt8](repeating: 0, count: size))) != nil {}
        }
    }

    /// Makes it read-only, while no file of it is open for writing.
    package static func makeReadOnly(_ path: String) async throws {
        try await run("mount", "-o", "remount,ro", path)
    }

    private static func run(_ words: String...) async throws {
        guard try await RunningProgram(words).wait() == .exited(0) else { throw NotMounted() }
    }
}
