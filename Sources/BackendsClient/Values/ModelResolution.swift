// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a model is, and which backends were passed over for it.
public struct ModelResolution: Hashable, Sendable {
    /// Where the model can be reached.
    public let endpoint: ModelEndpoint
    /// The backends with a better priority, and why each was not taken: the first 16 that do not serve the model, and
    /// the first 16 with another reason.
    public let skipped: [SkippedBackend]
    /// The number of backends that were passed over and are not in ``skipped``.
    public let skippedOthers: Int
    /// What the backends did with the context; empty if the call had none.
    public let contextResults: [ContextResult]
}

/// A backend that was passed over.
public struct SkippedBackend: Hashable, Sendable {
    /// Its name.
    public let backend: String
    /// Why, for programs: ``FailureReason/backendNotStarted``, ``FailureReason/modelNotServed`` and so on.
    public let reason: FailureReason
    /// Why, in one sentence for people.
    public let message: String
}

/// What one backend would do for a model.
public struct ModelVerdict: Hashable, Sendable {
    /// The backend's name.
    public let backend: String
    /// The name of its type.
    public let type: String
    /// Where the backend is in its life cycle.
    public let backendState: BackendState
    /// What it is doing with the model.
    public let modelState: ModelState
    /// What it would do.
    public let decision: Decision
    /// Why the backend would be passed over; nil unless the decision is ``Decision/skip``.
    public let reason: FailureReason?
    /// The decision in one sentence for people.
    public let message: String
    /// The IDs of the models that would be unloaded to make room.
    public let evicted: [String]
}

extension ModelVerdict {
    /// What a backend would do when the model is asked for.
    public enum Decision: Hashable, Sendable {
        /// It would answer at once.
        case ready
        /// The caller would wait: the model is being loaded, or has to wait for room.
        case wait
        /// It would load the model.
        case load
        /// It would be started, and then load the model.
        case start
        /// It would be passed over.
        case skip
        /// A decision that this version of the library does not know, with its number on the wire.
        case other(Int32)
    }
}

extension ModelVerdict.Decision: CustomStringConvertible {
    /// The decision as a word: `READY`, `WAIT`, `LOAD`, `START` or `SKIP`; `VERDICT_n` for a number that this version
    /// does not know.
    public var description: String {
        switch self {
        case .ready: "READY"
        case .wait: "WAIT"
        case .load: "LOAD"
        case .start: "START"
        case .skip: "SKIP"
        case .other(let number): "VERDICT_\(number)"
        }
    }
}

/// What the daemon did about a failure that was reported.
public enum FailureVerdict: Hashable, Sendable {
    /// Nothing: the code says nothing about the health of the model.
    case ignored
    /// Nothing: the model answers its probe.
    case healthy
    /// Nothing: the model is not ready, because it is being started, restarted or stopped.
    case notReady
    /// The model's process is restarted.
    case restarted
    /// A verdict that this version of the library does not know, with its number on the wire.
    case other(Int32)
}
