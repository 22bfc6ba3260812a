// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// The most entries of one page, which is made in one turn of a loop.
    package static let pageLimit = 128
    private static let pageDefault = 100
    /// The size in bytes at which a page ends, so that it fits one message.
    static let pageBytes = 256 << 10

    /// A part of the list of backends, in priority order.
    ///
    /// The page has at most `size` entries, or the usual number if that is 0, and may hold fewer. `token` is empty for the
    /// first page, then the last page's `nextToken`; it stays good when backends come and go.
    package func page(size: Int = 0, after token: String = "") throws(BackendError) -> BackendPage {
        page(of: try candidates(size, token))
    }

    /// The same, once the processes of its backends are measured.
    package func measuredPage(size: Int = 0, after token: String = "") async throws(BackendError) -> BackendPage {
        let candidates = try candidates(size, token)
        await measure(candidates.backends.compactMap(\.member.processes))
        return page(of: candidates)
    }

    /// What the page shows at most, and one more to know whether there is a next page.
    private func candidates(
        _ size: Int, _ token: String
    ) throws(BackendError) -> (backends: [RegisteredBackend], limit: Int) {
        guard size >= 0 else { throw Self.pageInvalid("page_size", "must not be negative") }
        let limit = size == 0 ? Self.pageDefault : min(size, Self.pageLimit)
        let after = try Self.position(token)
        let backends = backends { (registry: RegistryState) in
            registry.order[(after.map { registry.place(of: $0) } ?? 0)...].prefix(limit + 1)
        }
        return (backends.compactMap { $0 }, limit)
    }

    private func page(of candidates: (backends: [RegisteredBackend], limit: Int)) -> BackendPage {
        let backends = candidates.backends
        var page = BackendPage(backends: [])
        var bytes = 0
        for (index, backend) in zip(backends.indices, backends) {
            guard page.backends.count < candidates.limit, bytes < Self.pageBytes else {
                page.nextToken = Self.token(backends[index - 1].entry)
                break
            }
            let snapshot = backend.snapshot
            bytes += snapshot.roughBytes
            page.backends.append(snapshot)
        }
        return page
    }

    private static func token(_ entry: BackendEntry) -> String { "\(entry.priority)/\(entry.creation)" }

    /// The rank after that of the page's last backend.
    private static func position(_ token: String) throws(BackendError) -> PriorityList.Rank? {
        if token.isEmpty { return nil }
        let parts = token.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 2, let priority = Int32(parts[0]), let creation = UInt64(parts[1]) else {
            throw pageInvalid("page_token", "must be the next_page_token of an earlier page")
        }
        return PriorityList.Rank(priority: priority, creation: creation &+ 1)
    }

    private static func pageInvalid(_ field: String, _ rule: String) -> BackendError {
        BackendError(
            .invalidArgument, .pageInvalid, "cannot list backends: \(field) \(rule)",
            violations: [FieldViolation(path: field, description: rule)])
    }
}

extension BackendRegistry {
    /// A part of the list of models: of one backend or of all, in priority order, then by name.
    package func models(
        of backend: String? = nil, size: Int = 0, after token: String = ""
    ) async throws(BackendError) -> ModelPage {
        guard size >= 0 else { throw Self.modelPageInvalid("page_size", "must not be negative") }
        let limit = size == 0 ? 100 : min(size, Self.pageLimit)
        let list = priorityList.withLock { $0 }
        let members = try list.selected(backend.map { [$0] } ?? [])
        var (first, after): (Int, String?) = (0, nil)
        if !token.isEmpty {
            let parts = token.unicodeScalars.split(separator: "/", maxSplits: 1).map { String($0) }
            let position =
                backend == nil ? parts.first.flatMap { list.position(of: $0) } : parts.first == backend ? 0 : nil
            guard parts.count == 2, let position else {
                throw Self.modelPageInvalid("page_token", "must be the next_page_token of an earlier page")
            }
            (first, after) = (position, parts[1])
        }
        // Only what the page shows is looked at, and one more to know whether there is a next page.
        var (page, bytes): ([ModelSnapshot], Int) = ([], 0)
        for (index, member) in zip(members.indices, members).dropFirst(first) {
            if index > first, (index - first).isMultiple(of: Self.checksPerTurn) { await Task.yield() }
            let known = member.models.snapshots(after: index == first ? after : nil, limit: limit - page.count + 1)
            for model in known {
                guard page.count < limit, bytes < Self.pageBytes else {
                    return ModelPage(models: page, nextToken: page.last.map { "\($0.backend)/\($0.model)" })
                }
                bytes += model.roughBytes
                page.append(model)
            }
        }
        return ModelPage(models: page, nextToken: nil)
    }

    private static func modelPageInvalid(_ field: String, _ rule: String) -> BackendError {
        BackendError(
            .invalidArgument, .pageInvalid, "cannot list models: \(field) \(rule)",
            violations: [FieldViolation(path: field, description: rule)])
    }
}

/// A part of the list of backends, in priority order.
package struct BackendPage: Hashable, Sendable {
    package var backends: [BackendSnapshot]
    /// What to ask for the next page with; nil on the last one.
    package var nextToken: String?

    package init(backends: [BackendSnapshot], nextToken: String? = nil) {
        self.backends = backends
        self.nextToken = nextToken
    }
}

/// A part of the list of models.
package struct ModelPage: Hashable, Sendable {
    package var models: [ModelSnapshot]
    /// What to ask for the next page with; nil on the last one.
    package var nextToken: String?
}

// About how many bytes things take in a message: enough to keep pages and parts far below the largest message.

/// What names of fields, numbers and times take together.
private let bytesOfTheRest = 128

extension BackendSnapshot {
    var roughBytes: Int {
        ConfigSize(of: configuration, limit: .none).bytes + (failure?.message.utf8.count ?? 0) + bytesOfTheRest
            + instances.reduce(0) { $0 + $1.roughBytes } + models.reduce(0) { $0 + $1.utf8.count + 4 }
    }
}

extension InstanceSnapshot {
    fileprivate var roughBytes: Int {
        name.utf8.count + (model?.utf8.count ?? 0) + (address?.utf8.count ?? 0) + (failure?.message.utf8.count ?? 0)
            + bytesOfTheRest
    }
}

extension ModelSnapshot {
    var roughBytes: Int {
        model.utf8.count + (failure?.message.utf8.count ?? 0) + (endpoint?.roughBytes ?? 0) + bytesOfTheRest
    }
}

extension ModelEndpoint {
    fileprivate var roughBytes: Int {
        let files = [tls?.caCertFile, tls?.clientCertFile, tls?.clientKeyFile, tls?.serverName, instance, address]
        return files.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
    }
}
