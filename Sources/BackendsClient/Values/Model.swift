// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A model of a backend as it was when the daemon answered.
public struct ModelDescription: Hashable, Sendable {
    /// Its ID.
    public let modelID: String
    /// The name of the backend that serves it.
    public let backend: String
    /// What the backend is doing with it.
    public let state: ModelState
    /// Why it is ``ModelState/failed``; nil in every other state.
    public let failure: BackendFailure?
    /// Why it is ``ModelState/unready``; nil in every other state.
    public let unready: BackendFailure?
    /// Where it can be reached; nil while it cannot.
    public let endpoint: ModelEndpoint?
    /// The number of current uses.
    public let uses: Int
    /// The number of callers that wait for it.
    public let waiting: Int
    /// Whether it is unloaded only on request.
    public let isPinned: Bool
    /// How long it may be idle before it is unloaded; nil: indefinitely.
    public let ttl: Duration?
    /// When its state last changed.
    public let stateTime: Timestamp?
    /// How long its last load took; nil before the first.
    public let loadDuration: Duration?
}

/// What a backend is doing with one model.
public enum ModelState: Hashable, Sendable {
    /// It is not loaded.
    case notLoaded
    /// It waits for room.
    case queued
    /// It is being loaded.
    case loading
    /// It can be used.
    case ready
    /// It takes no new uses and waits for the current ones to end.
    case draining
    /// It is being unloaded.
    case unloading
    /// It is loaded and cannot be reached now; ``ModelDescription/unready`` says why.
    case unready
    /// It could not be loaded, or it broke down; ``ModelDescription/failure`` says why.
    case failed
    /// A state that this version of the library does not know, with its number on the wire.
    case other(Int32)
}

extension ModelState: CustomStringConvertible {
    /// The state as a word: `READY`, `LOADING` and so on; `STATE_n` for a number that this version does not know.
    public var description: String {
        switch self {
        case .notLoaded: "NOT_LOADED"
        case .queued: "QUEUED"
        case .loading: "LOADING"
        case .ready: "READY"
        case .draining: "DRAINING"
        case .unloading: "UNLOADING"
        case .unready: "UNREADY"
        case .failed: "FAILED"
        case .other(let number): "STATE_\(number)"
        }
    }
}

/// Where a model can be reached. Inference goes there directly, not through the daemon.
public struct ModelEndpoint: Hashable, Sendable {
    /// `host:port`, `[address]:port` or `unix:/path`; empty exactly when the model ``isInProcess``.
    public let address: String
    /// How to speak TLS to the server; nil: without TLS.
    public let tls: ModelTLS?
    /// The name of the backend that serves the model.
    public let backend: String
    /// The name of the supervised process behind it; nil if the backend does not run one.
    public let instance: String?
    /// Whether the model runs in the caller's own process, so that clients do not connect to a server.
    public let isInProcess: Bool
}

/// How to speak TLS to a model's server. Read the files for each connection: they may be renewed.
public struct ModelTLS: Hashable, Sendable {
    /// The path of the certificate authorities to trust; nil: those of the system.
    public let caCertFile: String?
    /// The path of the certificate to present; nil: none.
    public let clientCertFile: String?
    /// The path of the certificate's key; nil without a certificate.
    public let clientKeyFile: String?
    /// The name to ask for and to verify; nil: the host of the address.
    public let serverName: String?
}

/// A model after a load, and whether the load changed anything.
public struct ModelUpdate: Hashable, Sendable {
    /// The model at the moment when it was ready.
    public let model: ModelDescription
    /// Whether the model was loaded for this call or one that it joined; false when it was loaded before.
    public let isChanged: Bool

    package init(model: ModelDescription, isChanged: Bool) {
        self.model = model
        self.isChanged = isChanged
    }
}

/// A model after an unload, and whether the unload changed anything.
///
/// An unloaded model has no state, so only its ID is returned.
public struct ModelUnload: Hashable, Sendable {
    /// The model's ID.
    public let modelID: String
    /// Whether a backend unloaded the model; false when none had loaded it.
    public let isChanged: Bool

    package init(modelID: String, isChanged: Bool) {
        self.modelID = modelID
        self.isChanged = isChanged
    }
}
