// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument
internal import TextKeys

/// The path of a configuration that the user asked for.
package struct ConfigSelection: Sendable {
    private let path: ConfigPath

    package init(parsing text: String) throws(CommandFailure) {
        do throws(ConfigPathError) {
            path = try ConfigPath(parsing: text)
        } catch {
            throw .usage("PATH_INVALID", "\(error)", hint: "write keys joined by dots, for example model.revision")
        }
    }

    /// Returns the value at the path, a string without quotes; with origins, all paths below it with their layers.
    package func report(on backend: BackendDescription, withOrigins: Bool) throws(CommandFailure) -> Report {
        guard let value = ConfigValue(backend.config)[path] else {
            throw CommandFailure(
                status: .notFound, code: "NOT_FOUND", reason: "PATH_NOT_FOUND",
                message: "the configuration of \(backend.name) has no value at \(path)",
                hint: question(on: ConfigValue(backend.config)) ?? "see 'backendctl config get \(backend.name)'")
        }
        guard withOrigins else { return Report(text: text(of: value), document: value) }
        let origins = backend.origins.filter { origin in
            guard let place = try? ConfigPath(parsing: origin.path) else { return false }
            return place.starts(with: path) || path.starts(with: place)
        }
        var table = TextTable("PATH", "VALUE", "LAYER")
        for origin in origins {
            let place = (try? ConfigPath(parsing: origin.path)).flatMap { ConfigValue(backend.config)[$0] }
            table.append(origin.path, place?.json(pretty: false) ?? "", origin.layer.rawValue)
        }
        return Report(text: table.text, document: ["value": value, "origins": ConfigValue(origins)])
    }

    /// Returns the key that was probably meant by the first one that does not exist.
    private func question(on config: ConfigValue) -> String? {
        var (value, known) = (config, ConfigPath([]))
        for component in path.components {
            if let next = value[[component]] {
                (value, known) = (next, known.appending(component))
                continue
            }
            guard case .key(let key) = component, case .map(let members) = value else { return nil }
            let near = Spelling.nearest(to: key, among: members.keys.map { String($0) })
            return near.map { "did you mean '\(known.appending(.key($0)))'?" }
        }
        return nil
    }

    private func text(of value: ConfigValue) -> String {
        value.stringValue.map { PlainText.escaped($0) + "\n" } ?? value.yaml()
    }
}
