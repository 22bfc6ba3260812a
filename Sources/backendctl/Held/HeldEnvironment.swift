// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import SystemIO
package import TextKeys

/// The variables in which `backendctl lock` and `backendctl use` pass what they hold to the commands that they run.
package struct HeldEnvironment: Sendable {
    package static let token = "BACKENDCTL_LOCK_TOKEN"
    /// The variable with the name of the lock's backend. Without it, the token is sent for every backend.
    package static let backend = "BACKENDCTL_LOCK_BACKEND"

    private let variables: TextMap<String>

    package init(_ variables: TextMap<String>) {
        self.variables = variables
    }

    static var current: HeldEnvironment { HeldEnvironment(Environment.all) }

    /// Returns the token for commands on a backend; nil if there is none, or if it belongs to another backend.
    package func token(for name: String) throws(CommandFailure) -> StartLockToken? {
        guard let text = variables[Self.token], !text.isEmpty else { return nil }
        guard let number = UInt64(text) else {
            throw .usage(
                "LOCK_TOKEN_INVALID", "\(Self.token) is \"\(text)\", which is not a token",
                hint: "run the command under 'backendctl lock', or unset the variable")
        }
        if let owner = variables[Self.backend], owner != name { return nil }
        return StartLockToken(rawValue: number)
    }

    /// Returns the variables of a command that runs under a lock.
    package func holding(_ token: StartLockToken?, of name: String, socket: String) -> TextMap<String> {
        var variables = variables
        variables[Self.token] = token?.description
        variables[Self.backend] = name
        variables["BACKENDD_SOCKET"] = socket
        return variables
    }

    /// Returns the variables of a command that uses a model.
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
