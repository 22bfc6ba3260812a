// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import Logging
internal import Storage
internal import SystemIO

/// What the daemon keeps on the disk.
struct DaemonState: Sendable {
    let store: DiskStateStore
    private let file: StateFile

    var saved: SavedState { file.saved }

    /// The word that turns the state off.
    private static let off = "none"

    /// Opens the state; nil if the configuration says that nothing is kept.
    static func open(_ configuration: DaemonConfiguration, log logger: Logger) throws(DaemonExit) -> DaemonState? {
        guard configuration.stateDirectory != off else { return nil }
        guard let path = configuration.stateDirectory ?? defaultDirectory else {
            throw .usage(
                "there is no default directory for the state, because neither XDG_STATE_HOME nor HOME is set; set state_directory"
                    + " to a directory, or to none to keep no state")
        }
        let store: DiskStateStore
        do throws(SystemError) {
            store = try DiskStateStore(log: logger)
        } catch {
            throw .fault("\(error)")
        }
        do throws(StateFileError) {
            let file = try StateFile(directory: path) { aside in
                logger.error(
                    "the state is damaged and is put aside; the daemon starts from its configuration file alone",
                    metadata: ["path": "\(aside.path)", "error": "\(aside.reason)"])
            }
            return DaemonState(store: store, file: file)
        } catch {
            switch error {
            case .inUse: throw .socket(error.description)
            case .unusable, .newer: throw .usage(error.description)
            }
        }
    }

    private static var defaultDirectory: String? {
        if ProcessInformation.uid == 0 { return "/var/lib/backendd" }
        if let directory = Environment.get("XDG_STATE_HOME"), directory.hasPrefix("/") {
            return directory + "/backendd"
        }
        guard let home = Environment.get("HOME"), home.hasPrefix("/") else { return nil }
        return home + "/.local/state/backendd"
    }
}

// MARK: The start and the end

extension DaemonState {
    /// Begins to write.
    func begin() throws(DaemonExit) {
        do throws(SystemError) {
            try store.run(file.write, settle: file.settle)
        } catch {
            throw .fault("\(error)")
        }
    }

    /// How long the start waits for its own changes to be saved.
    private static let startPatience = Duration.seconds(2)

    /// Waits until what the start has decided is saved. What cannot be saved now does not hold up the start.
    func waitUntilSaved() async {
        let store = store
        await firstOf({ _ = await store.waitUntilSaved() }, { try? await Background.sleep(for: Self.startPatience) })
    }

    /// Backends that came from an earlier configuration file: they are gone.
    func forget(_ records: [BackendRecord], _ logger: Logger) {
        for record in records {
            store.keep(.backendRemoved(record.name))
            store.keep(.routesForgotten(backend: record.name))
            logger.notice(
                "a backend is not in the configuration file any more and is gone",
                metadata: [
                    "backend": "\(record.name)", "owners": "\(record.configuration.ownerNames.joined(separator: ", "))",
                ])
        }
        store.save()
    }

    /// A backend that was created by a call cannot be created again: it stays in the state.
    static func log(_ error: BackendError, of definition: BackendDefinition, to logger: Logger) {
        logger.error(
            "a saved backend cannot be created; it stays in the state until a backend of its name is created",
            metadata: ["backend": "\(definition.name)", "error": "\(error.message)"])
    }

    /// How long the end waits for a disk that does not answer, and how long if a second signal has asked for the end before.
    private static let (endPatience, urgentPatience) = (Duration.seconds(10), Duration.seconds(1))

    /// Saves the rest. A disk that does not answer is not waited for once a further signal asks for the end; `loop` takes the signals.
    func end(on loop: EventLoop, isUrgent wasUrgent: Bool, _ logger: Logger) async {
        let isUrgent = Announcement<Void>()
        let source = await loop.run {
            LoopBound(
                try? SignalSource([.terminate, .interrupt], loop: loop) { _ in isUrgent.set(()) }, on: loop)
        }
        if let fault = await store.end(
            patience: wasUrgent ? Self.urgentPatience : Self.endPatience, isUrgent: isUrgent)
        {
            logger.error("the last changes are not saved", metadata: ["error": "\(fault)"])
        }
        withExtendedLifetime(source) {}
    }
}
