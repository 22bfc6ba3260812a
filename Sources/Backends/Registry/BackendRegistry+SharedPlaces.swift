// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

extension BackendRegistry {
    /// Conflicts between backends that would listen at the same place or port, by the name of the backend to warn about.
    package func sharedPlaces() -> [String: [FieldViolation]] {
        let entries = driven.withLock { $0.registry.ordered() }
        var (owners, shared): ([ListeningPlace: String], [String: [FieldViolation]]) = ([:], [:])
        func tell(_ name: String, _ path: ConfigPath, _ words: String) {
            shared[name, default: []].append(
                FieldViolation(path: ConfigPath(["config"]).appending(path).description, description: words))
        }
        let ranges = entries.compactMap { entry in
            entry.type.ports(entry.configuration.effective).map { (name: entry.name, ports: $0) }
        }
        for (index, own) in ranges.enumerated() {
            // One and the same range is a pool that is shared on purpose.
            guard let other = ranges[..<index].first(where: { $0.ports.overlaps(own.ports) && $0.ports != own.ports })
            else { continue }
            tell(
                own.name, ["port_range"],
                "overlaps \(other.ports.lowerBound)-\(other.ports.upperBound) of backend \(other.name): a port is given to one of them"
                    + " only, so they may run fewer processes than the ranges have ports")
        }
        for entry in entries {
            for (path, place) in entry.type.places(entry.configuration.effective) {
                let owner = place.parts.lazy.compactMap { owners[$0] }.first { $0 != entry.name }
                for part in place.parts where owners[part] == nil { owners[part] = entry.name }
                if let owner {
                    tell(entry.name, path, "is \(place), as for backend \(owner): only one of them can run at a time")
                }
                guard let port = place.port,
                    let range = ranges.first(where: { $0.name != entry.name && $0.ports.contains(port) })
                else { continue }
                tell(
                    entry.name, path,
                    "is \(place), which is in port_range of backend \(range.name): that one may take it first")
            }
        }
        return shared
    }
}
