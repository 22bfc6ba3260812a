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
            return DaemonState(store: store, file: try StateFile(directory: path))
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
    /// Begins to write, and says what was found.
    func begin(_ logger: Logger) throws(DaemonExit) {
        do throws(SystemError) {
            try store.run(file.write)
        } catch {
            throw .fault("\(error)")
        }
        if let aside = file.setAside {
            logger.error(
                "the state was damaged and was put aside; the daemon starts from its configuration file alone",
                metadata: ["path": "\(aside.path)", "error": "\(aside.reason)"])
        }
    }

    /// Waits until what the start has decided is saved; otherwise a caller could see a sequence or a token that a later run gives again. What
    /// cannot be saved now does not hold up the start.
    func waitUntilSaved() async { _ = await store.waitUntilSaved() }

    /// Backends that came from an earlier configuration file: they are gone.
    func forget(_ records: [BackendRecord], _ logger: Logger) {
        for record in records {
            store.keep(.backendRemoved(record.name))
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

    /// Saves the rest.
    func end(_ logger: Logger) async {
        guard let fault = await store.end() else { return file.checkpoint() }
        logger.error("the last changes are not saved", metadata: ["error": "\(fault)"])
    }
}
