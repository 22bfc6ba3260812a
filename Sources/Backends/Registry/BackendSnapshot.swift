// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// A backend as it was at one moment, as it may be shown.
package struct BackendSnapshot: Hashable, Sendable {
    package var name: String
    package var type: String
    package var priority: Int32
    package var state: BackendState
    package var generation: UInt64
    /// Set exactly while the state is `failed`.
    package var failure: BackendFailure?
    /// The effective configuration, secrets masked.
    package var configuration: ConfigValue
    /// Whether a patch waits for the next start.
    package var isConfigurationStaged: Bool
    package var createTime: Timestamp
    /// When the state last changed.
    package var stateTime: Timestamp
    /// Who holds the start lock.
    package var lockHolder: CallerIdentity?
    /// Why it cannot serve; set only while the state is `started`.
    package var unready: BackendFailure?
    /// The processes it runs, by name, with the uses of each.
    package var instances: [InstanceSnapshot] = []
    /// The IDs and patterns of the models that it serves by its configuration.
    package var models: [String] = []

    package init(
        name: String, type: String, priority: Int32 = 0, state: BackendState = .stopped, generation: UInt64 = 1,
        failure: BackendFailure? = nil, configuration: ConfigValue = [:], isConfigurationStaged: Bool = false,
        createTime: Timestamp, stateTime: Timestamp, lockHolder: CallerIdentity? = nil,
        unready: BackendFailure? = nil
    ) {
        self.unready = unready
        self.name = name
        self.type = type
        self.priority = priority
        self.state = state
        self.generation = generation
        self.failure = failure
        self.configuration = configuration
        self.isConfigurationStaged = isConfigurationStaged
        self.createTime = createTime
        self.stateTime = stateTime
        self.lockHolder = lockHolder
    }

    package var isStarted: Bool { state == .started }
}
