// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import ConfigDocument
import SystemIO

extension BackendRecord {
    static func local(_ name: String, generation: Int64 = 1) throws -> BackendRecord {
        try BackendRecord(
            name: name,
            document: [
                "type": "LOCAL", "priority": 0, "origin": "rpc", "creation": 1, "created": [1, 2],
                "generation": .integer(generation), "base": [[:]], "owners": [],
            ])
    }
}

/// The files of a state that is closed, by name.
struct StateFolder {
    var files: [String: [UInt8]] = [:]
    let path: String

    init(_ path: String) throws {
        self.path = path
        for name in try Directory(path: path).names() {
            files[name] = try File.read(path: "\(path)/\(name)", limit: 1 << 24)
        }
    }

    /// Puts the files back, and removes all others.
    func restore() throws {
        let directory = try Directory(path: path)
        try directory.removeContents()
        for (name, bytes) in files {
            try directory.openForUpdating(name, creating: true).writeAll(bytes)
        }
    }

    subscript(name: String) -> [UInt8] {
        get { files[name] ?? [] }
        set { files[name] = newValue }
    }
}
