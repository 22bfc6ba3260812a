// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The variables by which `backendctl lock` tells the commands it runs that they hold the lock.
package struct LockEnvironment: Sendable {
    package static let token = "BACKENDCTL_LOCK_TOKEN"
    /// Whose lock it is; without it the token is sent for every backend.
    package static let backend = "BACKENDCTL_LOCK_BACKEND"

    private let variables: [String: String]

    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    static var current: LockEnvironment { LockEnvironment(Environment.all) }

    /// The token for the commands on a backend; nil where there is none, or it is another backend's.
    package func token(for name: String) throws(CommandFailure) -> UInt64? {
        guard let text = variables[Self.token], !text.isEmpty else { return nil }
        guard let token = UInt64(text) else {
            throw .usage(
                "LOCK_TOKEN_INVALID", "\(Self.token) is \"\(text)\", which is no token",
                hint: "run the command under 'backendctl lock', or unset the variable")
        }
        if let owner = variables[Self.backend], owner != name { return nil }
        return token
    }

    /// The variables of a command that runs under a lock.
    package func holding(_ token: UInt64, of name: String, socket: String) -> [String: String] {
        var variables = variables
        variables[Self.token] = String(token)
        variables[Self.backend] = name
        variables["BACKENDD_SOCKET"] = socket
        return variables
    }
}
