// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendRegistry {
    /// A part of the list of models: of one backend or of all, in priority order, then by name.
    package func models(
        of backend: String? = nil, size: Int = 0, after token: String = ""
    ) throws(BackendError) -> ModelPage {
        guard size >= 0 else { throw Self.modelPageInvalid("page_size", "must not be negative") }
        let limit = size == 0 ? 100 : min(size, Self.pageLimit)
        let targets = try routes.withLock { $0 }.selected(backend.map { [$0] } ?? [])
        let all = targets.flatMap { $0.models.snapshots() }
        var start = 0
        if !token.isEmpty {
            let parts = token.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2, let position = targets.firstIndex(where: { $0.name == parts[0] }) else {
                throw Self.modelPageInvalid("page_token", "must be the next_page_token of an earlier page")
            }
            let before = Set(targets[..<position].map(\.name))
            start =
                all.firstIndex { !before.contains($0.backend) && !($0.backend == parts[0] && $0.model <= parts[1]) }
                ?? all.count
        }
        var (page, bytes): ([ModelSnapshot], Int) = ([], 0)
        for model in all[start...].prefix(limit) where bytes < Self.pageBytes {
            bytes += model.roughBytes
            page.append(model)
        }
        let isLast = start + page.count >= all.count
        return ModelPage(models: page, nextToken: isLast ? nil : page.last.map { "\($0.backend)/\($0.model)" })
    }

    private static func modelPageInvalid(_ field: String, _ rule: String) -> BackendError {
        BackendError(
            .invalidArgument, .pageInvalid, "cannot list models: \(field) \(rule)",
            violations: [FieldViolation(path: field, description: rule)])
    }
}
