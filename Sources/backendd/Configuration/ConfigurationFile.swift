// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

/// A configuration file that has been read, with the place of everything in it.
struct ConfigurationFile {
    let path: String
    let document: ConfigText
    /// Why another user could change the file, which decides what the daemon runs; nil when nobody can.
    let risk: String?

    /// What the file says; an empty one says nothing.
    var root: ConfigValue { document.root.isNull ? [:] : document.root }

    init(path: String, bytes: [UInt8]) throws(ConfigurationError) {
        self.path = path
        risk = File.risk(of: path).map { "\($0)" }
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
