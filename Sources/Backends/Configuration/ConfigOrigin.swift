// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

/// Which layer decided one path of the effective configuration.
package struct ConfigOrigin: Hashable, Sendable {
    package var path: ConfigPath
    package var layer: Layer

    package enum Layer: Hashable, Sendable {
        case defaults
        case base
        case owner(String)
    }
}

extension ConfigOrigin.Layer: CustomStringConvertible {
    /// The word the contract uses.
    package var description: String {
        switch self {
        case .defaults: "defaults"
        case .base: "base"
        case .owner(let name): "owner:\(name)"
        }
    }
}
