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

    /// The path given with `--config`; then the file must exist.
    let path: String?
    let environment: TextMap<String>
    /// What the flags say, shaped like the document.
    let flags: ConfigValue

    /// Reads the file, and puts the other layers on top.
    func load() throws(ConfigurationError) -> LoadedConfiguration {
        let file = try readFile()
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
            bytes = try File.read(path: path, limit: Self.largestFile, patience: .seconds(5))
        } catch {
            if chosen == nil && error.isNotFound { return nil }
            throw ConfigurationError(faults: ["\(error): the configuration cannot be read"])
        }
        return try ConfigurationFile(path: path, bytes: bytes)
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
    var root: ConfigValue { document.root.isNull ? [:] : document.root }

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
