// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
package import TextKeys

/// Where a client finds the daemon's socket if the caller does not name one.
package enum SocketLookup {
    /// The variable that names the socket.
    package static let variable = "BACKENDD_SOCKET"

    /// Returns the socket that `BACKENDD_SOCKET` names; else the first that exists of the user's own and the system's;
    /// else the first of these two.
    ///
    /// - Parameters:
    ///   - environment: The variables of the process.
    ///   - isSocket: Whether there is a socket at a path.
    /// - Returns: The path of the socket.
    package static func path(in environment: TextMap<String>, isSocket: (String) -> Bool) -> String {
        if let named = environment[variable], !named.isEmpty { return named }
        var candidates: [String] = []
        if let directory = environment["XDG_RUNTIME_DIR"], !directory.isEmpty {
            candidates.append("\(directory)/backendd/backendd.sock")
        }
        let system = "/run/backendd/backendd.sock"
        return candidates.first(where: isSocket) ?? (isSocket(system) ? system : candidates.first ?? system)
    }

    /// Returns the path of the socket for this process.
    package static func path() -> String {
        path(in: Environment.all) { path in
            // A directory that this process may not search is treated as if it did not contain a socket.
            (try? File.kind(of: path)) == .socket
        }
    }
}
