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
    /// Who may start it besides a person.
    package var start: StartPolicy
    /// The backends that are started before it when the daemon starts.
    package var after: [String]
    /// Whether the boot and requests may start it.
    package var isEnabled: Bool
    /// The stop by a person that keeps it down.
    package var hold: BackendHold?
    /// The processes it runs, by name, with the uses of each.
    package var instances: [InstanceSnapshot] = []
    /// The IDs and patterns of the models that it serves by its configuration.
    package var models: [String] = []

    package init(
        name: String, type: String, priority: Int32 = 0, state: BackendState = .stopped, generation: UInt64 = 1,
        failure: BackendFailure? = nil, configuration: ConfigValue = [:], isConfigurationStaged: Bool = false,
        createTime: Timestamp, stateTime: Timestamp, lockHolder: CallerIdentity? = nil,
        unready: BackendFailure? = nil, start: StartPolicy = .onDemand, after: [String] = [], isEnabled: Bool = true,
        hold: BackendHold? = nil
    ) {
        self.start = start
        self.after = after
        self.isEnabled = isEnabled
        self.hold = hold
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
