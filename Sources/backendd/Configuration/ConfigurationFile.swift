// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// A configuration file that has been read, with the place of everything in it.
struct ConfigurationFile {
    let path: String
    let document: ConfigText

    /// What the file says; an empty one says nothing.
    var root: ConfigValue { document.root.isNull ? [:] : document.root }

    init(path: String, bytes: [UInt8]) throws(ConfigurationError) {
        self.path = path
        do throws(ConfigSyntaxError) {
            document = try ConfigText.parse(bytes, name: path)
        } catch {
            throw ConfigurationError(faults: [error.description])
        }
    }

    /// A fault with its line and column: `config.yaml:3:1: grac: unknown key`.
    func fault(_ violation: ConfigViolation) -> String {
        let location = document.nearestLocation(to: violation.path)
        return "\(path):\(location.line):\(location.column): \(violation)"
    }
}
