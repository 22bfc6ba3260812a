// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A snapshot of everything that is made part by part, so that nothing else waits for the whole of it.
struct SnapshotReading: Sendable {
    /// How many backends are looked at for one part; a model counts as one too.
    static let looksPerPart = 64

    /// About how many bytes one part has.
    private static let partBytes = 128 << 10

    private let serverInstance: String
    /// The newest event that the snapshot holds.
    let sequence: UInt64
    /// The backends at the start, in priority order. Shares the registry's storage until that changes.
    private let names: [String]
    private var nextBackend = 0
    /// The backend whose models come next, and the last model already sent.
    private var nextOwner = 0
    private var lastModel: String?

    init(serverInstance: String, sequence: UInt64, names: [String]) {
        self.serverInstance = serverInstance
        self.sequence = sequence
        self.names = names
    }

    private var isThrough: Bool { nextBackend == names.count && nextOwner == names.count }

    /// The backends of the next part.
    var upcoming: ArraySlice<String> { names[nextBackend...].prefix(Self.looksPerPart) }

    /// The next part, which fits a message; all backends come before the models. May be empty if others follow.
    ///
    /// `find` gives the backends of these names, nil for one that was deleted meanwhile.
    mutating func next(_ find: (ArraySlice<String>) -> [RegisteredBackend?]) -> DaemonSnapshot {
        var part = DaemonSnapshot(serverInstance: serverInstance, sequence: sequence, backends: [])
        var (looks, bytes) = (Self.looksPerPart, 0)
        for backend in find(upcoming) {
            guard bytes < Self.partBytes else { break }
            (nextBackend, looks) = (nextBackend + 1, looks - 1)
            guard let snapshot = backend?.snapshot else { continue }
            bytes += snapshot.roughBytes
            part.backends.append(snapshot)
        }
        guard looks > 0, bytes < Self.partBytes else { return part.following(!isThrough) }
        let owners = find(names[nextOwner...].prefix(looks))
        var position = owners.startIndex
        while looks > 0, bytes < Self.partBytes, position < owners.endIndex {
            let known = owners[position]?.member.models.snapshots(after: lastModel, limit: looks) ?? []
            looks -= max(1, known.count)
            for model in known where bytes < Self.partBytes {
                bytes += model.roughBytes
                part.models.append(model)
                lastModel = model.model
            }
            guard looks > 0, bytes < Self.partBytes else { break }
            (nextOwner, lastModel, position) = (nextOwner + 1, nil, position + 1)
        }
        return part.following(!isThrough)
    }
}

extension DaemonSnapshot {
    /// The same, which also says whether another part follows.
    fileprivate func following(_ hasMore: Bool) -> DaemonSnapshot {
        var part = self
        part.hasMore = hasMore
        return part
    }
}

/// All backends and models as they were right after one event, or later: an event that follows may be in it already.
package struct DaemonSnapshot: Hashable, Sendable {
    /// The run of the daemon the sequence belongs to.
    package var serverInstance: String
    package var sequence: UInt64
    /// In priority order.
    package var backends: [BackendSnapshot]
    /// By backend in priority order, then by name.
    package var models: [ModelSnapshot]
    /// Whether another part of it follows.
    package var hasMore: Bool

    package init(
        serverInstance: String, sequence: UInt64, backends: [BackendSnapshot], models: [ModelSnapshot] = [],
        hasMore: Bool = false
    ) {
        self.serverInstance = serverInstance
        self.sequence = sequence
        self.backends = backends
        self.models = models
        self.hasMore = hasMore
    }

    var isEmpty: Bool { backends.isEmpty && models.isEmpty }
}
