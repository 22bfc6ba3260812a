// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a backend is doing with one model.
package enum ModelState: Hashable, Sendable, CaseIterable {
    case notLoaded
    /// Waits for room.
    case queued
    case loading
    case ready
    /// Loaded, and cannot be reached for the moment.
    case unready
    /// Takes no new uses and waits for the end of those there are.
    case draining
    case unloading
    case failed
}

extension ModelState: CustomStringConvertible {
    /// The word the contract uses.
    package var description: String {
        switch self {
        case .notLoaded: "NOT_LOADED"
        case .queued: "QUEUED"
        case .loading: "LOADING"
        case .ready: "READY"
        case .unready: "UNREADY"
        case .draining: "DRAINING"
        case .unloading: "UNLOADING"
        case .failed: "FAILED"
        }
    }
}
