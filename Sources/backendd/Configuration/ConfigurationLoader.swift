// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TextKeys

/// Merges the daemon's configuration from its layers, and names the place of each fault.
struct ConfigurationLoader: Sendable {
    /// The file that a package installs; it may be missing.
    static let defaultPath = "/etc/backendd/config.yaml"
    private static let largestFile = 1 << 20
    /// How long a file that is a pipe may keep the daemon waiting.
    private static let patience = Duration.seconds(5)

    /// The path given with `--config`; then the file must exist.
    let path: String?
    let environment: TextMap<String>
    /// What the flags say, shaped like the document.
    let flags: ConfigValue

    /// Reads the file, and puts the other layers on top.
    func load() throws(ConfigurationError) -> LoadedConfiguration { try loaded(from: try readFile()) }

    /// Reads the file again while the daemon runs; `last` is the file that it has read before.
    ///
    /// A file that is gone or says nothing would delete all backends: it is taken for the failure of what replaces or writes it.
    func reload(after last: ConfigurationFile?) throws(ConfigurationError) -> LoadedConfiguration {
        let file = try readFile()
        if let last, file == nil {
            throw ConfigurationError(faults: [
                "\(last.path) does not exist any more; put it back, or write \"backends: []\" into it to delete all backends"
            ])
        }
        if let last, let file, file.isEmpty, !last.isEmpty {
            throw ConfigurationError(faults: [
                "\(file.path) is empty; write {} for the defaults, or \"backends: []\" to delete all backends"
            ])
        }
        return try loaded(from: file)
    }

    private func loaded(from file: ConfigurationFile?) throws(ConfigurationError) -> LoadedConfiguration {
        var faults: [String] = []
        if let file {
            faults += file.faults(DaemonConfiguration.schema.violations(in: file.root))
        }
        let variables = EnvironmentLayer(environment)
        faults += variables.faults
        guard faults.isEmpty else { throw ConfigurationError(faults: faults) }

        let document = (file?.root ?? [:]).merged(with: variables.document).merged(with: flags)
        let violations = DaemonConfiguration.schema.violations(in: document)
        guard violations.isEmpty else { throw ConfigurationError(faults: violations.map(\.description)) }
        return LoadedConfiguration(document: DaemonConfiguration.schema.completed(document), file: file)
    }

    private func readFile() throws(ConfigurationError) -> ConfigurationFile? {
        let chosen = path ?? environment["BACKENDD_CONFIG"]
        let path = chosen ?? Self.defaultPath
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(path: path, limit: Self.largestFile, patience: Self.patience)
        } catch {
            if chosen == nil && error.isNotFound { return nil }
            throw ConfigurationError(faults: [Self.fault(error, path)])
        }
        return try ConfigurationFile(path: path, bytes: bytes)
    }

    private static func fault(_ error: SystemError, _ path: String) -> String {
        guard error.isTimeout else { return "\(error): the configuration cannot be read" }
        let limit = ConfigDuration(patience).map { "\($0)" } ?? "time"
        return
            "cannot read \(path): it is not a regular file, and nothing came from it within \(limit); let a program write the whole"
            + " configuration to it in time, or use a regular file"
    }
}

/// What is wrong with the daemon's configuration: one sentence per fault, each with its place.
struct ConfigurationError: Error, CustomStringConvertible {
    let faults: [String]

    var description: String { faults.joined(separator: "\n") }
}

/// A configuration file that has been read, with the place of everything in it.
struct ConfigurationFile: Sendable {
    let path: String
    let document: ConfigText
    /// Why another user could change the file, which decides what the daemon runs; nil when no other user can.
    let risk: String?

    /// What the file says; an empty one says nothing.
    var root: ConfigValue { isEmpty ? [:] : document.root }

    /// Whether there is nothing in it but white space and comments.
    var isEmpty: Bool { document.root.isNull }

    init(path: String, bytes: [UInt8]) throws(ConfigurationError) {
        self.path = path
        risk = File.risk(of: path, as: "configuration").map { "\($0)" }
        do throws(ConfigSyntaxError) {
            document = try ConfigText.parse(bytes, name: path)
        } catch {
            throw ConfigurationError(faults: [error.description])
        }
    }

    /// Faults with their lines and columns, in the order of the file: `config.yaml:3:1: grac: unknown key`.
    func faults(_ violations: [ConfigViolation]) -> [String] {
        violations.map { (document.nearestLocation(to: $0.path), $0) }
            .sorted { ($0.0.line, $0.0.column) < ($1.0.line, $1.0.column) }
            .map { location, violation in "\(path):\(location.line):\(location.column): \(violation)" }
    }
}
