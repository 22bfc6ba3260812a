// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// The most entries of one page, which is made in one turn of a loop.
    package static let pageLimit = 128
    private static let pageDefault = 100
    /// A page ends once it has about so many bytes, so that it fits one message.
    static let pageBytes = 256 << 10

    /// A part of the list of backends, in priority order.
    ///
    /// The page has at most `size` entries, or the usual number where that is 0, and may hold fewer. `token` is empty for the
    /// first page, then the last page's `nextToken`; it stays good when backends come and go.
    package func page(size: Int = 0, after token: String = "") throws(BackendError) -> BackendPage {
        page(of: try candidates(size, token))
    }

    /// The same, once the processes of its backends are measured.
    package func measuredPage(size: Int = 0, after token: String = "") async throws(BackendError) -> BackendPage {
        let candidates = try candidates(size, token)
        await measure(candidates.entries.map(\.backend))
        return page(of: candidates)
    }

    /// What the page shows at most, and one more to know whether there is a next page.
    private func candidates(
        _ size: Int, _ token: String
    ) throws(BackendError) -> (entries: [BackendEntry], limit: Int) {
        guard size >= 0 else { throw Self.pageInvalid("page_size", "must not be negative") }
        let limit = size == 0 ? Self.pageDefault : min(size, Self.pageLimit)
        let after = try Self.position(token)
        let entries = state.withLock { state in
            let start = after.map { state.place(of: $0) } ?? 0
            return state.order[start...].prefix(limit + 1).compactMap { state.entries[$0] }
        }
        return (entries, limit)
    }

    private func page(of candidates: (entries: [BackendEntry], limit: Int)) -> BackendPage {
        let entries = candidates.entries
        var page = BackendPage(backends: [])
        var bytes = 0
        for (index, entry) in zip(entries.indices, entries) {
            guard page.backends.count < candidates.limit, bytes < Self.pageBytes else {
                page.nextToken = Self.token(entries[index - 1])
                break
            }
            let snapshot = entry.fullSnapshot
            bytes += snapshot.roughBytes
            page.backends.append(snapshot)
        }
        return page
    }

    private static func token(_ entry: BackendEntry) -> String { "\(entry.priority)/\(entry.creation)" }

    /// The rank after that of the page's last backend.
    private static func position(_ token: String) throws(BackendError) -> ContextRoutes.Rank? {
        if token.isEmpty { return nil }
        let parts = token.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 2, let priority = Int32(parts[0]), let creation = UInt64(parts[1]) else {
            throw pageInvalid("page_token", "must be the next_page_token of an earlier page")
        }
        return ContextRoutes.Rank(priority: priority, creation: creation &+ 1)
    }

    private static func pageInvalid(_ field: String, _ rule: String) -> BackendError {
        BackendError(
            .invalidArgument, .pageInvalid, "cannot list backends: \(field) \(rule)",
            violations: [FieldViolation(path: field, description: rule)])
    }
}
