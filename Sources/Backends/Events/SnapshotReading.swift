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
    private let entries: [BackendEntry]
    private var nextBackend = 0
    /// The backend whose models come next, and the model after which they do.
    private var nextOwner = 0
    private var lastModel: String?

    init(instance: String, sequence: UInt64, entries: [BackendEntry]) {
        self.instance = instance
        self.sequence = sequence
        self.entries = entries
    }

    private var isThrough: Bool { nextBackend == entries.count && nextOwner == entries.count }

    /// The backends of the next part.
    var upcoming: ArraySlice<BackendEntry> { entries[nextBackend...].prefix(Self.looksPerPart) }

    /// The next part, which fits a message; all backends come before the models. May be empty where others follow.
    mutating func next() -> BackendsSnapshot {
        var part = BackendsSnapshot(instance: instance, sequence: sequence, backends: [])
        var (looks, bytes) = (Self.looksPerPart, 0)
        while looks > 0, bytes < Self.partBytes, nextBackend < entries.count {
            let snapshot = entries[nextBackend].fullSnapshot
            bytes += snapshot.roughBytes
            part.backends.append(snapshot)
            nextBackend += 1
            looks -= 1
        }
        while looks > 0, bytes < Self.partBytes, nextOwner < entries.count {
            let known = entries[nextOwner].models.snapshots(after: lastModel, limit: looks)
            looks -= max(1, known.count)
            for model in known where bytes < Self.partBytes {
                bytes += model.roughBytes
                part.models.append(model)
                lastModel = model.model
            }
            if looks > 0, bytes < Self.partBytes { (nextOwner, lastModel) = (nextOwner + 1, nil) }
        }
        part.hasMore = !isThrough
        return part
    }
}
