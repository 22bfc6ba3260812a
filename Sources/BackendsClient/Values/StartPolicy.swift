// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Who may start a backend, besides callers that start it by its name.
public enum StartPolicy: Hashable, Sendable {
    /// The daemon, when it starts itself; requests too.
    case boot
    /// Requests for models that it serves.
    case onDemand
    /// Nothing else.
    case manual
    /// A policy that this version of the library does not know, with its number on the wire.
    case other(Int32)
}

extension StartPolicy: CustomStringConvertible {
    /// The policy as a word: `BOOT`, `ON_DEMAND` or `MANUAL`; `POLICY_n` for a number that this version does not know.
    public var description: String {
        switch self {
        case .boot: "BOOT"
        case .onDemand: "ON_DEMAND"
        case .manual: "MANUAL"
        case .other(let number): "POLICY_\(number)"
        }
    }
}

/// A stop that keeps a backend down until a caller starts it.
public struct BackendHold: Hashable, Sendable {
    /// The ID of the process that stopped the backend, as the daemon sees it.
    public let pid: Int32
    /// The ID of its user.
    public let uid: UInt32
    /// When it stopped the backend.
    public let time: Timestamp?
}
