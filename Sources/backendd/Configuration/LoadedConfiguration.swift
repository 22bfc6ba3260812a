// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import ConfigDocument
internal import TextKeys

/// A configuration that was read, with what it was read from.
struct LoadedConfiguration: Sendable {
    var configuration: DaemonConfiguration
    /// All layers with the defaults.
    let document: ConfigValue
    /// The file, for faults that only show when the backends are created; nil if there is none.
    let file: ConfigurationFile?

    /// The keys that a running daemon takes over.
    static let liveKeys = ["log_level", "log_format", "grace", "on_shutdown", "context_timeout", "limits"]

    init(document: ConfigValue, file: ConfigurationFile?) {
        self.document = document
        self.file = file
        configuration = DaemonConfiguration(validated: document)
    }

    /// The keys of the daemon that differ from those of another configuration.
    func keys(changedFrom other: LoadedConfiguration) -> [ReloadPlan.Key] {
        document.differences(from: other.document).compactMap { path in
            guard case .key(let key)? = path.components.first, key != "backends" else { return nil }
            return ReloadPlan.Key(path: path.description, needsRestart: !Self.liveKeys.contains(key))
        }
    }

    /// This configuration with the values of another one for all keys of the daemon that only its next start takes over.
    func keepingFixedKeys(of other: LoadedConfiguration) -> LoadedConfiguration {
        guard case .map(var members) = other.document else { return self }
        for key in Self.liveKeys + ["backends"] { members[key] = document[key] }
        return LoadedConfiguration(document: .map(members), file: file)
    }
}

// MARK: Places

extension LoadedConfiguration {
    /// What is wrong with an entry of `backends:`, with its place in the file.
    func faults(_ error: BackendError, at index: Int) -> [String] {
        guard let file else { return [error.message] }
        guard !error.violations.isEmpty else {
            return file.faults([ConfigViolation(path: ["backends", .index(index)], message: error.message)])
        }
        return lines(error.violations, at: index)
    }

    /// Violations of an entry of `backends:`, with their places in the file.
    func lines(_ violations: [FieldViolation], at index: Int) -> [String] {
        lines(
            violations.map { violation in
                let inner = (try? ConfigPath(parsing: violation.path)) ?? []
                return ConfigViolation(
                    path: ConfigPath(["backends", .index(index)]).appending(inner), message: violation.description)
            })
    }

    /// Violations with their places, if they come from a file.
    func lines(_ violations: [ConfigViolation]) -> [String] {
        file?.faults(violations) ?? violations.map(\.description)
    }
}
