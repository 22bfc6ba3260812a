// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// Keeps what has to outlive the daemon.
///
/// Changes are saved in the order in which they are kept, and what is saved at any moment is what had been kept at some moment. Of
/// several changes of one subject that are not saved yet, only the last one counts.
package protocol StateStore: Sendable {
    /// Takes a change over. Called under locks, so it must not wait.
    func keep(_ change: StateChange)

    /// What to wait for until everything that was kept about the subject is saved; nil if it is. Must not wait.
    func savePoint(of subject: StateSubject) -> SavePoint?

    /// Begins to save what was kept. Call without a lock.
    func save()

    /// Calls back, on any thread, when what was kept up to the point is saved, or could not be saved now. What could not be saved stays
    /// kept, and is tried again. Call without a lock.
    func whenSaved(_ point: SavePoint, _ then: @escaping @Sendable (StateFault?) -> Void)

    /// The last number that is reserved and saved since the store was opened; nil if none is. Must not wait.
    func savedMark(_ mark: StateMark) -> UInt64?

    /// Whether there is room for further subjects that are not saved yet.
    var hasRoom: Bool { get }
}

extension StateStore {
    /// Waits until what was kept up to the point is saved, or the task is cancelled.
    package func saved(_ point: SavePoint) async -> StateFault? {
        let fault = OneShot<StateFault?>()
        whenSaved(point) { fault.set($0) }
        return await fault.value() ?? StateFault("the wait for it has ended")
    }
}

/// How far a store has to come.
package struct SavePoint: Hashable, Comparable, Sendable {
    package let number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package static func < (one: SavePoint, other: SavePoint) -> Bool { one.number < other.number }
}

/// Why a change is not saved: the end of a sentence, with what to do.
package struct StateFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// What a change is about.
package enum StateSubject: Hashable, Sendable {
    case backend(String)
    /// The route of one model.
    case route(backend: String, model: String)
    /// All routes of a backend.
    case routes(backend: String)
    case mark(StateMark)
}

/// What has to be kept.
package enum StateChange: Equatable, Sendable {
    /// The backend is like this now.
    case backend(BackendRecord)
    /// The backend is gone.
    case backendRemoved(String)
    /// The backend has learned the route of a model.
    case route(SavedRoute, backend: String)
    /// The backend has no routes any more.
    case routesForgotten(backend: String)
    /// No number up to this one may be given again.
    case mark(StateMark, UInt64)

    package var subject: StateSubject {
        switch self {
        case .backend(let record): .backend(record.name)
        case .backendRemoved(let name): .backend(name)
        case .route(let saved, let backend): .route(backend: backend, model: saved.route.model)
        case .routesForgotten(let backend): .routes(backend: backend)
        case .mark(let mark, _): .mark(mark)
        }
    }
}

/// The server that a header has named for a model of a started backend.
package struct LearnedRoute: Hashable, Sendable {
    package let model: String
    /// The server as the header named it.
    package let server: HostPort
    /// The address of the server, which was checked.
    package let address: IPAddress

    package init(model: String, server: HostPort, address: IPAddress) {
        self.model = model
        self.server = server
        self.address = address
    }
}

/// A route with what it was learned under.
package struct SavedRoute: Hashable, Sendable {
    package let route: LearnedRoute
    /// A digest of the configuration of the backend: another one may lead to other servers.
    package let configuration: UInt64

    package init(route: LearnedRoute, configuration: UInt64) {
        self.route = route
        self.configuration = configuration
    }
}

/// A sequence of numbers that only grow, also over restarts.
///
/// Numbers are reserved in blocks, so that not each of them is written: after a restart the sequence continues behind the last block.
/// A block is reserved before a run gives its first number, and the next one when half of it is used.
package enum StateMark: String, Hashable, Sendable, CaseIterable {
    case eventSequence = "event_sequence"
    case lockToken = "lock_token"

    /// How many numbers are reserved at a time. Tokens are microseconds: a block lasts 71 minutes.
    package var block: UInt64 {
        switch self {
        case .eventSequence: 1 << 20
        case .lockToken: 1 << 32
        }
    }
}

/// What a store had when it was opened.
package struct SavedState: Equatable, Sendable {
    /// In no order.
    package var backends: [BackendRecord] = []
    /// By backend.
    package var routes: [String: [SavedRoute]] = [:]
    /// The last numbers that earlier runs may have given.
    package var marks: [StateMark: UInt64] = [:]
    /// The last numbers that are reserved for this run; nothing if they could not be.
    package var reserved: [StateMark: UInt64] = [:]

    package init() {}
}
