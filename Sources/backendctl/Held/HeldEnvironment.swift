// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import SystemIO
package import TextKeys

/// The variables by which `backendctl lock` and `backendctl use` tell the commands they run what is held for them.
package struct HeldEnvironment: Sendable {
    package static let token = "BACKENDCTL_LOCK_TOKEN"
    /// Whose lock it is; without it the token is sent for every backend.
    package static let backend = "BACKENDCTL_LOCK_BACKEND"

    private let variables: TextMap<String>

    package init(_ variables: TextMap<String>) {
        self.variables = variables
    }

    static var current: HeldEnvironment { HeldEnvironment(Environment.all) }

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
    package func holding(_ token: UInt64, of name: String, socket: String) -> TextMap<String> {
        var variables = variables
        variables[Self.token] = String(token)
        variables[Self.backend] = name
        variables["BACKENDD_SOCKET"] = socket
        return variables
    }

    /// The variables of a command that runs while a model is kept for it.
    package func using(_ modelID: String, at endpoint: ModelEndpoint, socket: String) -> TextMap<String> {
        var variables = variables
        variables["BACKENDCTL_MODEL_ID"] = modelID
        variables["BACKENDCTL_MODEL_KIND"] = endpoint.isInProcess ? "IN_PROCESS" : "ADDRESS"
        variables["BACKENDCTL_MODEL_ADDRESS"] = endpoint.isInProcess ? nil : endpoint.address
        variables["BACKENDCTL_MODEL_BACKEND"] = endpoint.backend
        variables["BACKENDD_SOCKET"] = socket
        return variables
    }
}
