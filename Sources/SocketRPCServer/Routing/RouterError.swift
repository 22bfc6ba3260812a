// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Why services cannot be served together.
package enum RouterError: Error, Hashable, Sendable {
    case duplicateService(String)
    case duplicateMethod(service: String, method: String)
}

extension RouterError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .duplicateService(let name): "cannot register service \(name): it is registered already"
        case .duplicateMethod(let service, let method):
            "cannot register method \(method) of service \(service): the service has it already"
        }
    }
}
