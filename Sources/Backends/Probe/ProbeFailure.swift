// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a probe saw instead of a success.
struct ProbeFailure: Error, Hashable, Sendable {
    static let cancelled = ProbeFailure("the probe was cancelled")

    let words: String

    init(_ words: String) {
        self.words = words
    }
}
