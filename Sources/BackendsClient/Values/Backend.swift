// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A backend as it was when the daemon answered.
public struct BackendDescription: Hashable, Sendable {
    /// Its name, which matches `[a-z][a-z0-9-]{0,62}`.
    public let name: String
    /// The name of its type, for example `LOCAL`.
    public let type: String
    /// Its place in the priority order: lower comes first, and ties go by order of creation.
    public let priority: Int32
    /// Where it is in its life cycle.
    public let state: BackendState
    /// Whether it runs: true exactly in ``BackendState/started``.
    public let isStarted: Bool
    /// The number of changes of its configuration; the first configuration counts as 1.
    public let generation: Int
    /// Why it is ``BackendState/failed``; nil in every other state.
    public let failure: BackendFailure?
    /// Why it cannot serve although it is ``BackendState/started``; nil when it can.
    public let unready: BackendFailure?
    /// Its effective configuration, a map; secrets read `***`.
    public let config: ConfigurationValue
    /// Whether a patch waits for its next start.
    public let isConfigStaged: Bool
    /// When it was created.
    public let createTime: Timestamp?
    /// When its state last changed.
    public let stateTime: Timestamp?
    /// The process that holds its start lock; nil while the lock is free.
    public let startLockHolder: StartLockHolder?
    /// Who may start it, besides callers that start it by its name.
    public let start: StartPolicy
    /// The backends that are started before it when the daemon starts.
    public let after: [String]
    /// Whether requests, and the daemon at its own start, may start it.
    public let isEnabled: Bool
    /// The stop that keeps it down until a caller starts it; nil if there is none.
    public let hold: BackendHold?
    /// The processes it runs, sorted by name.
    public let instances: [InstanceDescription]
    /// The IDs of the models that it serves by its configuration, with `*` for any text and `?` for any character.
    public let models: [String]
    /// Which layer decided each path of the configuration; empty unless the call asked for origins.
    public let origins: [ConfigurationOrigin]
}

/// Where a backend is in its life cycle.
///
/// A backend goes from ``stopped`` by way of ``starting`` to ``started``, and by way of ``stopping`` back; ``starting``,
/// ``started`` and ``stopping`` can each end in ``failed``.
public enum BackendState: Hashable, Sendable {
    /// It does not run; its configuration can be changed.
    case stopped
    /// It is being started.
    case starting
    /// It runs.
    case started
    /// It is being stopped.
    case stopping
    /// It could not be started or stopped, or it ended by itself; ``BackendDescription/failure`` says why.
    case failed
    /// A state that this version of the library does not know, with its number on the wire.
    case other(Int32)
}

extension BackendState: CustomStringConvertible {
    /// The state as a word: `STOPPED`, `STARTING`, `STARTED`, `STOPPING` or `FAILED`; `STATE_n` for a number that this
    /// version does not know.
    public var description: String {
        switch self {
        case .stopped: "STOPPED"
        case .starting: "STARTING"
        case .started: "STARTED"
        case .stopping: "STOPPING"
        case .failed: "FAILED"
        case .other(let number): "STATE_\(number)"
        }
    }
}

/// Why a backend, a process or a model does not do what it is meant to do.
public struct BackendFailure: Hashable, Sendable {
    /// The stable word that a program compares.
    public let reason: FailureReason
    /// What happened, in one sentence or more, for people.
    public let message: String
}

/// The process that holds the start lock of a backend.
public struct StartLockHolder: Hashable, Sendable {
    /// Its process ID, as the daemon sees it.
    public let pid: Int32
    /// The ID of its user.
    public let uid: UInt32
}

/// A type of backend: what it runs and which configuration it takes.
public struct BackendTypeDescription: Hashable, Sendable {
    /// Its name, which matches `[A-Z][A-Z0-9_]*`.
    public let name: String
    /// One sentence for people who choose a type.
    public let summary: String
    /// The JSON Schema (draft 2020-12) of its configuration, a map.
    public let configSchema: ConfigurationValue
}

/// The backend after a command, and whether the command changed anything.
///
/// Commands describe a state to reach. One that finds the state reached succeeds, and ``isChanged`` is false.
public struct BackendUpdate: Hashable, Sendable {
    /// The backend after the command.
    public let backend: BackendDescription
    /// Whether the command changed the backend: false when it was started, stopped or configured this way before.
    public let isChanged: Bool
    /// Whether a patch was kept for the next start instead of being applied; always false after a start or a stop.
    public let isStaged: Bool

    package init(backend: BackendDescription, isChanged: Bool, isStaged: Bool = false) {
        self.backend = backend
        self.isChanged = isChanged
        self.isStaged = isStaged
    }
}
