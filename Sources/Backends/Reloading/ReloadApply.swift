// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import TextKeys

/// When a change of the configuration file that needs a restart reaches a backend that runs; the raw values are those of the file.
package enum ReloadApply: String, Hashable, Sendable, CaseIterable {
    /// At once: the backend is stopped and started.
    case now
    /// With the next start of the backend.
    case nextStart = "next_start"
    /// At once: loaded models are unloaded and loaded one after the other. A backend that has one process for all of its models is stopped
    /// and started.
    case rolling
}

/// Which keys of a configuration may change while a backend of a type runs.
package enum LiveKeys: Hashable, Sendable {
    case all
    /// These keys of the map; what is in them may change too.
    case only([String])

    /// None: every change needs a restart.
    package static var none: LiveKeys { .only([]) }

    func contain(_ path: ConfigPath) -> Bool {
        switch self {
        case .all: return true
        case .only(let keys):
            guard case .key(let key)? = path.components.first else { return false }
            return keys.contains { $0.isIdentical(to: key) }
        }
    }

    /// The part of a configuration whose change needs a restart.
    func rest(of configuration: ConfigValue) -> ConfigValue {
        guard case .map(let members) = configuration else { return configuration }
        return .map(members.filter { !contain([.key($0.key)]) })
    }
}
