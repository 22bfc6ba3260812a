// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The files of tuned prompts in the directory of a server: `<directory>/<prompt ID>/<file>`.
///
/// A file is complete or does not exist, also after a crash. Any number of processes may load and unload the same prompt at the same
/// time: loads run together, and an unload waits for them. Nothing outside the directory is written to or removed.
package struct PromptArtifacts: Sendable {
    /// The limits of one load.
    package struct Limits: Hashable, Sendable {
        package var files = 64
        package var bytes: Int64 = 8 << 30
        /// How long to wait for other calls that use the same prompt.
        package var wait = Duration.seconds(30)

        package init() {}
    }

    /// The pause before the next attempt, for at most `Limits.wait` in all. The lock is not waited for in `flock`, which has no time
    /// limit and cannot be cancelled.
    private static let pause = Duration.milliseconds(10)

    private let directory: String
    private let clock: any BackendClock
    private let limits: Limits

    /// `directory` must exist, and no other user may be able to change it.
    package init(directory: String, clock: any BackendClock, limits: Limits = Limits()) {
        self.directory = directory
        self.clock = clock
        self.limits = limits
    }

    /// Copies files into the directory of the prompt, and returns the paths of the copies, in the same order.
    ///
    /// A file that exists with the same size and time is not copied again. Cancelling ends the load after the current file.
    ///
    /// - Throws: `PROMPT_ID_INVALID`, and `ARTIFACT_UNUSABLE` with the path. Files that were copied before stay.
    @concurrent
    package func load(_ paths: [String], as id: String) async throws(BackendError) -> [String] {
        let artifacts = try Self.checked(paths, id, limits)
        let deadline = clock.uptime() + limits.wait
        while true {
            let base = try open()
            let folder = try Self.trying(id) { () throws(SystemError) in
                try base.makeDirectory(id, mode: 0o755)
                return try base.trustedDirectory(id)
            }
            // An unload may have removed the folder between the two calls, or before it was locked.
            if let folder, try await lock(folder, alone: false, id, until: deadline),
                try Self.trying(id, { () throws(SystemError) in try !folder.isRemoved() })
            {
                for artifact in artifacts {
                    while !Self.beginCopy() { try await pause(id, until: deadline) }
                    defer { Self.copies.withLock { $0 -= 1 } }
                    guard !Task.isCancelled else { throw .callerCancelled }
                    try await copy(artifact, of: id)
                }
                try Self.trying(id) { () throws(SystemError) in
                    try folder.synchronize()
                    try base.synchronize()
                }
                return artifacts.map { "\(directory)/\(id)/\($0.name)" }
            }
            try await pause(id, until: deadline)
        }
    }

    /// Removes the files of a prompt. Does nothing if there are none.
    @concurrent
    package func unload(_ id: String) async throws(BackendError) {
        try Self.check(id)
        let deadline = clock.uptime() + limits.wait
        let base = try open()
        let status = try Self.trying(id) { () throws(SystemError) in try base.status(of: id) }
        guard let status else { return }
        guard status.kind == .directory else {
            // Removes the link, not its target.
            return try Self.trying(id) { () throws(SystemError) in try base.remove(id) }
        }
        let folder = try Self.trying(id) { () throws(SystemError) in try base.directory(id) }
        guard let folder else { return }
        while true {
            if try await lock(folder, alone: true, id, until: deadline) { break }
            try await pause(id, until: deadline)
        }
        try Self.trying(id) { () throws(SystemError) in
            // Another unload came first: what has the name now was loaded after this call.
            if try folder.isRemoved() { return }
            try folder.removeContents()
            try base.remove(id, isDirectory: true)
            try base.synchronize()
        }
    }

    /// The number of copies under way in this process.
    private static let copies = Guarded(0)
    private static let copyLimit = 4

    private static func beginCopy() -> Bool {
        copies.withLock { copies in
            guard copies < copyLimit else { return false }
            copies += 1
            return true
        }
    }

    /// Copies one file on a thread of its own, because a slow disk blocks it. Call while the folder is locked, so that it stays.
    private func copy(_ artifact: Artifact, of id: String) async throws(BackendError) {
        let directory = directory
        let result: Result<Void, BackendError>
        do throws(SystemError) {
            result = try await BlockingWork.run("prompt") {
                do throws(BackendError) {
                    let folder = try Self.trying(id) { () throws(SystemError) in
                        try Directory.trusted(directory).trustedDirectory(id)
                    }
                    if let folder { try Self.copy(artifact, into: folder) }
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .artifactUnusable(artifact.path, error.description)
        }
        try result.get()
    }

    private func open() throws(BackendError) -> Directory {
        try Self.trying(directory) { () throws(SystemError) in try Directory.trusted(directory) }
    }

    private func lock(
        _ folder: borrowing Directory, alone: Bool, _ id: String, until deadline: Duration
    ) async throws(BackendError) -> Bool {
        do throws(SystemError) {
            return try folder.lock(alone: alone)
        } catch {
            throw .artifactUnusable(id, error.description)
        }
    }

    private func pause(_ id: String, until deadline: Duration) async throws(BackendError) {
        guard clock.uptime() < deadline else {
            throw BackendError(
                .aborted, .artifactUnusable,
                "prompt \(BackendName.quoted(id)) is still being loaded or unloaded by other calls after \(limits.wait.text); try again",
                metadata: ["prompt_id": id], retryAfter: .seconds(1))
        }
        do throws(CancellationError) {
            try await clock.sleep(for: Self.pause)
        } catch {
            throw .callerCancelled
        }
    }
}
