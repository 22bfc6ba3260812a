// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The files of tuned prompts in the directory of a server: `<directory>/<prompt id>/<file>`.
///
/// A file is there whole or not at all, also after a crash. Any number of processes may load and unload the same prompt at once:
/// loads go together, an unload waits for them. Nothing outside the directory is ever written to or removed.
package struct PromptArtifacts: Sendable {
    /// The bounds of one load.
    package struct Limits: Hashable, Sendable {
        package var files = 64
        package var bytes: Int64 = 8 << 30
        /// How long others may be in the way.
        package var wait = Duration.seconds(30)

        package init() {}
    }

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

    /// Copies files to where the server finds them, and returns where that is, in the same order.
    ///
    /// A file that is there already, with the same size and time, is left. Cancelled, it ends after the file it is at.
    /// - Throws: `PROMPT_ID_INVALID`, and `ARTIFACT_UNUSABLE` with the path; files that were copied before stay.
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
            // An unload may have removed it between the two, or before it was locked.
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

    /// Removes what was loaded. Removing what is not there is fine.
    @concurrent
    package func unload(_ id: String) async throws(BackendError) {
        try Self.check(id)
        let deadline = clock.uptime() + limits.wait
        let base = try open()
        let status = try Self.trying(id) { () throws(SystemError) in try base.status(of: id) }
        guard let status else { return }
        guard status.kind == .directory else {
            // A link goes, what it leads to stays.
            return try Self.trying(id) { () throws(SystemError) in try base.remove(id) }
        }
        let folder = try Self.trying(id) { () throws(SystemError) in try base.directory(id) }
        guard let folder else { return }
        while true {
            if try await lock(folder, alone: true, id, until: deadline) { break }
            try await pause(id, until: deadline)
        }
        try Self.trying(id) { () throws(SystemError) in
            // Another unload was first, and what has the name now is not what was asked to go.
            if try folder.isRemoved() { return }
            try folder.removeContents()
            try base.remove(id, isDirectory: true)
            try base.synchronize()
        }
    }

    /// Copies under way in this process.
    private static let copies = Guarded(0)
    private static let copyLimit = 4

    private static func beginCopy() -> Bool {
        copies.withLock { copies in
            guard copies < copyLimit else { return false }
            copies += 1
            return true
        }
    }

    /// Copies one file on a thread of its own, for a slow disk keeps it. To be called while the folder is locked, so that it stays.
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
                "prompt \(BackendName.quoted(id)) is being loaded or unloaded by others for too long; try again",
                metadata: ["prompt_id": id], retryAfter: .seconds(1))
        }
        do throws(CancellationError) {
            try await clock.sleep(for: Self.pause)
        } catch {
            throw .callerCancelled
        }
    }
}
