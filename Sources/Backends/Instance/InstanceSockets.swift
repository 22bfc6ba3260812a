// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Logging
package import SystemIO

/// Keeps the directory of the instances' sockets, and reports its loss to the instances, which clients then cannot reach.
///
/// Use it on the supervising loop only.
package final class InstanceSockets {
    private let path: String
    private let watcher: FileWatcher
    private let log: Logger
    /// The directory that was created, and its watch. It is kept open: the system gives the identity of a file that is gone to the next one.
    private var kept: FileIdentity?
    private var directory: Directory?
    private var watch: FileWatcher.Watch?
    private var isLost = false
    private var losses: [ObjectIdentifier: () -> Void] = [:]

    package init(_ path: String, watcher: FileWatcher, log: Logger) {
        self.path = path
        self.watcher = watcher
        self.log = log
    }

    /// Creates the directory if it is missing. `lost` is called once if the directory is removed or replaced before ``release(_:)``.
    package func hold(_ id: ObjectIdentifier, lost: @escaping () -> Void) throws(SystemError) {
        let trusted = try Directory.trusted(path, creating: true)
        // Other instances learn of a directory that was replaced since.
        check()
        if kept == nil {
            kept = try trusted.identity()
            directory = consume trusted
            // In the directory above it: as long as it is open, its own end is not reported. Without a watch the next start finds the loss.
            let parent = SocketDirectory.parent(of: path) ?? "."
            watch = try? watcher.watchNames(of: parent) { [weak self] in self?.check() }
            if isLost { log.notice("the directory of the sockets of instances was created again", metadata: place) }
            isLost = false
        }
        losses[id] = lost
    }

    func release(_ id: ObjectIdentifier) {
        losses[id] = nil
    }

    /// Checks whether the directory is still the one that was created.
    package func check() {
        guard let kept, (try? FileIdentity.of(path: path)) != kept else { return }
        self.kept = nil
        directory = nil
        if let watch { watcher.end(watch) }
        watch = nil
        isLost = true
        let handlers = losses
        losses = [:]
        log.warning(
            "the directory of the sockets of instances was removed or replaced; instances with a socket there are restarted",
            metadata: place)
        for lost in handlers.values { lost() }
    }

    private var place: Logger.Metadata { ["directory": "\(path)"] }
}
