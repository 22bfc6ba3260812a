// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsServer
package import Logging
package import SystemIO

/// Keeps the daemon reachable: makes its socket again when the file is removed. All of it belongs to the server's loop.
package final class SocketKeeper {
    private let endpoint: SocketEndpoint
    private let server: BackendServer
    private let logger: Logger
    private let directory: String
    private let watcher: FileWatcher
    private var watch: FileWatcher.Watch?
    private var isLost = false
    /// Runs while the socket is lost or its directory cannot be watched: both may be possible by then.
    private var retry: TimerToken?

    /// Begins to watch. Call on the server's loop.
    ///
    /// - Throws: If nothing can be watched. A directory that is missing is waited for.
    package init(_ endpoint: SocketEndpoint, of server: BackendServer, logger: Logger) throws(SystemError) {
        self.endpoint = endpoint
        self.server = server
        self.logger = logger
        directory = SocketDirectory.parent(of: endpoint.path) ?? "."
        watcher = try FileWatcher(loop: server.loop)
        watchDirectory()
        // The file may have been removed before the watch began.
        changed()
    }

    private func changed() {
        if let retry { server.loop.cancel(retry) }
        retry = nil
        for _ in 0..<Self.attempts where !endpoint.isInPlace() {
            do throws(DaemonExit) {
                if let listener = try endpoint.restore() { server.listen(on: listener, replacing: true) }
                isLost = false
                logger.warning(
                    "the socket or its lock file was removed and is made again",
                    metadata: ["socket": "\(endpoint.path)"])
            } catch {
                if !isLost {
                    logger.error(
                        "the socket was removed and cannot be made again; open connections are served on",
                        metadata: ["socket": "\(endpoint.path)", "error": "\(error.message)"])
                }
                isLost = true
            }
            // The directory may be another one, in which the file may be gone again by now.
            watchDirectory()
            if isLost { break }
        }
        if watch == nil { watchDirectory() }
        guard isLost || watch == nil else { return }
        retry = server.loop.schedule(after: Self.retryPause) { [weak self] in self?.changed() }
    }

    private func watchDirectory() {
        if let watch { watcher.end(watch) }
        watch = try? watcher.watchNames(of: directory) { [weak self] in self?.changed() }
    }

    /// How often in a row a file that is removed at once is made again.
    private static let attempts = 3
    /// How long it waits before it tries again.
    private static let retryPause = Duration.seconds(2)
}
