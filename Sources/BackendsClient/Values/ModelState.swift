// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a backend is doing with one model.
public enum ModelState: Hashable, Sendable {
    /// Nothing of it is loaded.
    case notLoaded
    /// It waits for room.
    case queued
    /// It is being loaded.
    case loading
    /// It can be used.
    case ready
    /// It takes no new uses and waits for the end of those there are.
    case draining
    /// It is being unloaded.
    case unloading
    /// It is loaded and cannot be reached now; ``ModelDescription/unready`` says why.
    case unready
    /// It could not be loaded, or broke down; ``ModelDescription/failure`` says why.
    case failed
    /// A state that this version of the library does not know, with its number on the wire.
    case other(Int32)
}

extension ModelState: CustomStringConvertible {
    /// The state as a word: `READY`, `LOADING` and so on.
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
