// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import Testing

/// The status that a call fails with.
func refusal<R>(
    sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> R
) async throws -> RPCStatus {
    do {
        _ = try await call()
    } catch let status as RPCStatus {
        return status
    }
    Issue.record("the call went well", sourceLocation: sourceLocation)
    throw NotRefused()
}

struct NotRefused: Error {}

extension RPCStatus {
    /// Code and reason, as one thing to compare.
    var word: String { "\(code) \(reason ?? "-")" }

    /// The fields that the status says are wrong.
    var fields: [String] { badRequest?.fieldViolations.map(\.field) ?? [] }
}
