// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SystemIO

/// Keeps the directory of the instances' sockets, and tells the instances when it goes away under them: then no client reaches them
/// any more. All of it belongs to the supervising loop.
final class InstanceSockets {
    private let path: String
    private let watcher: FileWatcher
    private let log: Logger
    /// The directory as it was made, and its watch.
    private var kept: FileIdentity?
    private var watch: Int32?
    private var isLost = false
    private var losses: [ObjectIdentifier: () -> Void] = [:]

    init(_ path: String, watcher: FileWatcher, log: Logger) {
        self.path = path
        self.watcher = watcher
        self.log = log
    }

    /// Makes the directory where it is missing. `lost` is called once if it goes away before ``release(_:)``.
    func hold(_ id: ObjectIdentifier, lost: @escaping () -> Void) throws(SystemError) {
        _ = try Directory.trusted(path, creating: true)
        // Those that were there before hear of a directory that was replaced meanwhile.
        check()
        if kept == nil {
            kept = try FileIdentity.of(path: path)
            // Without a watch it is looked at now and then.
            watch = try? watcher.watchNames(of: path) { [weak self] in self?.check() }
            if isLost { log.notice("the directory of the sockets of instances is made again", metadata: place) }
            isLost = false
        }
        losses[id] = lost
    }

    func release(_ id: ObjectIdentifier) {
        losses[id] = nil
    }

    /// Looks whether the directory is in its place.
    func check() {
        guard let kept, (try? FileIdentity.of(path: path)) != kept else { return }
        self.kept = nil
        if let watch { watcher.end(watch) }
        watch = nil
        isLost = true
        let told = losses
        losses = [:]
        log.warning(
            "the directory of the sockets of instances was removed or replaced; instances with a socket there are restarted",
            metadata: place)
        for lost in told.values { lost() }
    }

    private var place: Logger.Metadata { ["directory": "\(path)"] }
}
