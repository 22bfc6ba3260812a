// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a reload of the daemon's configuration file changes. It names what differs, never a value.
public struct ReloadPlan: Hashable, Sendable {
    /// The backends of the file in its order, then those that it does not name any more. Backends that were created by calls are not
    /// among them.
    public let backends: [Backend]
    /// The keys of the daemon that differ, sorted by path.
    public let keys: [Key]

    /// What becomes of one backend.
    public struct Backend: Hashable, Sendable {
        /// The name of the backend.
        public let name: String
        /// What happens to it.
        public let kind: Kind
        /// When the change takes effect; nil unless it needs a restart.
        public let apply: Apply?
        /// What differs, sorted, for example `priority` and `config.command`.
        public let paths: [String]
        /// Who holds the start lock, so that the change waits until the lock is free; nil if no process does.
        public let lockHolder: StartLockHolder?
        /// The owners whose layers do not fit the new configuration: these layers are dropped.
        public let droppedOwners: [String]
    }

    /// What happens to a backend.
    public enum Kind: Hashable, Sendable {
        /// It is created.
        case added
        /// It is stopped and deleted.
        case removed
        /// It takes the change over, and its processes run on.
        case changed
        /// Its processes have to be started again.
        case needsRestart
        /// Nothing.
        case unchanged
        /// A kind that this version of the library does not know, with its number on the wire.
        case other(Int32)
    }

    /// When a change that needs a restart takes effect.
    public enum Apply: Hashable, Sendable {
        /// At once: the backend is stopped and started.
        case now
        /// With the next start of the backend.
        case nextStart
        /// At once: models are unloaded and loaded one after the other.
        case rolling
        /// A word that this version of the library does not know, with its number on the wire.
        case other(Int32)
    }

    /// A key of the daemon that differs.
    public struct Key: Hashable, Sendable {
        /// The path of the key, for example `limits.connections`.
        public let path: String
        /// Whether only the next start of the daemon takes it over.
        public let needsRestart: Bool
    }
}

extension ReloadPlan.Kind: CustomStringConvertible {
    /// The kind as a word of the contract, such as `NEEDS_RESTART`; `KIND_n` for a number that this version does not know.
    public var description: String {
        switch self {
        case .added: "ADDED"
        case .removed: "REMOVED"
        case .changed: "CHANGED"
        case .needsRestart: "NEEDS_RESTART"
        case .unchanged: "UNCHANGED"
        case .other(let number): "KIND_\(number)"
        }
    }
}

extension ReloadPlan.Apply: CustomStringConvertible {
    /// The time as a word of the contract, such as `NEXT_START`; `APPLY_n` for a number that this version does not know.
    public var description: String {
        switch self {
        case .now: "NOW"
        case .nextStart: "NEXT_START"
        case .rolling: "ROLLING"
        case .other(let number): "APPLY_\(number)"
        }
    }
}
