// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// When a registered patch takes effect.
public enum ConfigurationApply: Hashable, Sendable {
    /// At once; refused with `BACKEND_STARTED` while the backend is starting, started or stopping.
    case now
    /// At once if the backend is stopped or failed, else with its next start.
    case nextStart
}

/// Which layer decided one path of an effective configuration.
public struct ConfigurationOrigin: Hashable, Sendable {
    /// Keys joined by dots, for example `connection.hostname`.
    public let path: String
    /// The topmost layer that sets the path.
    public let layer: Layer
}

extension ConfigurationOrigin {
    /// A layer of a configuration. Layers override those below them: defaults, then the base, then one layer per owner.
    public enum Layer: Hashable, Sendable {
        /// The defaults of the backend's type.
        case defaults
        /// The configuration that the backend was created with.
        case base
        /// The patches that this owner registered.
        case owner(String)
        /// A layer that this version of the library does not know, as the daemon calls it.
        case other(String)
    }
}

extension ConfigurationOrigin.Layer: RawRepresentable, CustomStringConvertible {
    private static let ownerPrefix = "owner:"

    /// Makes a layer from the daemon's word for it. Every word makes one.
    ///
    /// - Parameter rawValue: `defaults`, `base` or `owner:NAME`.
    public init(rawValue: String) {
        self =
            switch rawValue {
            case "defaults": .defaults
            case "base": .base
            case _ where rawValue.hasPrefix(Self.ownerPrefix):
                .owner(String(rawValue.dropFirst(Self.ownerPrefix.count)))
            default: .other(rawValue)
            }
    }

    /// The daemon's word for the layer: `defaults`, `base` or `owner:NAME`.
    public var rawValue: String {
        switch self {
        case .defaults: "defaults"
        case .base: "base"
        case .owner(let name): Self.ownerPrefix + name
        case .other(let word): word
        }
    }

    /// The same word.
    public var description: String { rawValue }
}
