// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// The most backends of one page.
    package static let pageLimit = 1000
    private static let pageDefault = 100
    /// A page ends once it has about so many bytes, so that it fits one message.
    static let pageBytes = 1024 * 1024

    /// A part of the list of backends, in priority order.
    ///
    /// The page has at most `size` entries, or the usual number where that is 0, and may hold fewer. `token` is empty for the
    /// first page, then the last page's `nextToken`; it stays good when backends come and go.
    package func page(size: Int = 0, after token: String = "") throws(BackendError) -> BackendPage {
        guard size >= 0 else { throw Self.pageInvalid("page_size", "must not be negative") }
        let limit = size == 0 ? Self.pageDefault : min(size, Self.pageLimit)
        let after = try Self.position(token)
        // Only what the page shows is looked at, and one more to know whether there is a next page.
        let entries = state.withLock { state in
            let start = after.map { Self.start(after: $0, in: state) } ?? 0
            return state.order[start...].prefix(limit + 1).compactMap { state.entries[$0] }
        }
        var page = BackendPage(backends: [])
        var bytes = 0
        for (index, entry) in zip(entries.indices, entries) {
            guard page.backends.count < limit, bytes < Self.pageBytes else {
                page.nextToken = Self.token(entries[index - 1])
                break
            }
            let snapshot = entry.fullSnapshot
            bytes += snapshot.roughBytes
            page.backends.append(snapshot)
        }
        return page
    }

    /// The first place in the order behind a position, found by halves.
    private static func start(after position: (Int32, UInt64), in state: RegistryState) -> Int {
        var (low, high) = (0, state.order.count)
        while low < high {
            let middle = (low + high) / 2
            let isBehind = state.entries[state.order[middle]].map { ($0.priority, $0.creation) > position } ?? false
            (low, high) = isBehind ? (low, middle) : (middle + 1, high)
        }
        return low
    }

    private static func token(_ entry: BackendEntry) -> String { "\(entry.priority)/\(entry.creation)" }

    private static func position(_ token: String) throws(BackendError) -> (Int32, UInt64)? {
        if token.isEmpty { return nil }
        let parts = token.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 2, let priority = Int32(parts[0]), let creation = UInt64(parts[1]) else {
            throw pageInvalid("page_token", "must be the next_page_token of an earlier page")
        }
        return (priority, creation)
    }

    private static func pageInvalid(_ field: String, _ rule: String) -> BackendError {
        BackendError(
            .invalidArgument, .pageInvalid, "cannot list backends: \(field) \(rule)",
            violations: [FieldViolation(path: field, description: rule)])
    }
}
