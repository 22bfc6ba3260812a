// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A backend as it was when the daemon answered.
public struct BackendDescription: Hashable, Sendable {
    /// Its name, which matches `[a-z][a-z0-9-]{0,62}`.
    public let name: String
    /// The name of its type, for example `LOCAL`.
    public let type: String
    /// Lower comes first.
    public let priority: Int32
    /// Where it is in its life.
    public let state: BackendState
    /// Whether it runs: true exactly in ``BackendState/started``.
    public let isStarted: Bool
    /// Counts the changes of its configuration, from 1.
    public let generation: UInt64
    /// Why it is ``BackendState/failed``.
    public let failure: BackendFailure?
    /// Why it cannot serve although it is ``BackendState/started``.
    public let unready: BackendFailure?
    /// Its effective configuration; secrets read `***`.
    public let config: ConfigurationValue
    /// Whether a patch waits for its next start.
    public let isConfigStaged: Bool
    /// When it was created.
    public let createTime: Timestamp?
    /// When its state last changed.
    public let stateTime: Timestamp?
    /// Who holds its start lock, while somebody does.
    public let startLockHolder: StartLockHolder?
    /// The processes it runs, by name.
    public let instances: [InstanceDescription]
    /// The ids of the models that it serves by its configuration, with `*` for any text and `?` for any character.
    public let models: [String]
    /// Which layer decided each path of the configuration; empty unless it was asked for.
    public var origins: [ConfigurationOrigin] = []
}
