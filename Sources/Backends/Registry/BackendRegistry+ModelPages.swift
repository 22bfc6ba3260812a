// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// A part of the list of models: of one backend or of all, in priority order, then by name.
    package func models(
        of backend: String? = nil, size: Int = 0, after token: String = ""
    ) async throws(BackendError) -> ModelPage {
        guard size >= 0 else { throw Self.modelPageInvalid("page_size", "must not be negative") }
        let limit = size == 0 ? 100 : min(size, Self.pageLimit)
        let routes = self.routes.withLock { $0 }
        let targets = try routes.selected(backend.map { [$0] } ?? [])
        var (first, after): (Int, String?) = (0, nil)
        if !token.isEmpty {
            let parts = token.unicodeScalars.split(separator: "/", maxSplits: 1).map { String($0) }
            let position =
                backend == nil ? parts.first.flatMap { routes.position(of: $0) } : parts.first == backend ? 0 : nil
            guard parts.count == 2, let position else {
                throw Self.modelPageInvalid("page_token", "must be the next_page_token of an earlier page")
            }
            (first, after) = (position, parts[1])
        }
        // Only what the page shows is looked at, and one more to know whether there is a next page.
        var (page, bytes): ([ModelSnapshot], Int) = ([], 0)
        for (index, target) in zip(targets.indices, targets).dropFirst(first) {
            if index > first, (index - first).isMultiple(of: Self.looksPerTurn) { await Task.yield() }
            let known = target.models.snapshots(after: index == first ? after : nil, limit: limit - page.count + 1)
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
