// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A snapshot of everything that is made part by part, so that nothing else waits for the whole of it.
struct SnapshotReading: Sendable {
    /// How many backends are looked at for one part; a model counts as one too.
    static let looksPerPart = 64

    /// About how many bytes one part has.
    private static let partBytes = 128 << 10

    private let instance: String
    /// The newest event that the snapshot holds.
    let sequence: UInt64
    /// Of the backends there were, in priority order. The list is the registry's until that changes, so that waiting costs nothing.
    private let names: [String]
    private var nextBackend = 0
    /// The backend whose models come next, and the model after which they do.
    private var nextOwner = 0
    private var lastModel: String?

    init(instance: String, sequence: UInt64, names: [String]) {
        self.instance = instance
        self.sequence = sequence
        self.names = names
    }

    private var isThrough: Bool { nextBackend == names.count && nextOwner == names.count }

    /// The backends of the next part.
    var upcoming: ArraySlice<String> { names[nextBackend...].prefix(Self.looksPerPart) }

    /// The next part, which fits a message; all backends come before the models. May be empty where others follow.
    ///
    /// `find` gives the backends of these names, nil for one that was deleted meanwhile.
    mutating func next(_ find: (ArraySlice<String>) -> [BackendEntry?]) -> BackendsSnapshot {
        var part = BackendsSnapshot(instance: instance, sequence: sequence, backends: [])
        var (looks, bytes) = (Self.looksPerPart, 0)
        for entry in find(upcoming) {
            guard bytes < Self.partBytes else { break }
            (nextBackend, looks) = (nextBackend + 1, looks - 1)
            guard let snapshot = entry?.fullSnapshot else { continue }
            bytes += snapshot.roughBytes
            part.backends.append(snapshot)
        }
        guard looks > 0, bytes < Self.partBytes else { return part.following(!isThrough) }
        let owners = find(names[nextOwner...].prefix(looks))
        var position = owners.startIndex
        while looks > 0, bytes < Self.partBytes, position < owners.endIndex {
            let known = owners[position]?.models.snapshots(after: lastModel, limit: looks) ?? []
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

extension BackendsSnapshot {
    /// The same with the word on whether another part follows.
    fileprivate func following(_ hasMore: Bool) -> BackendsSnapshot {
        var part = self
        part.hasMore = hasMore
        return part
    }
}
