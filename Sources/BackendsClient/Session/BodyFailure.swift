// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Carries what the caller's code threw past the errors of the call.
struct BodyFailure: Error {
    let error: any Error

    static func carrying<Result>(_ body: () async throws -> Result) async throws(BodyFailure) -> Result {
        do {
            return try await body()
        } catch {
            throw BodyFailure(error: error)
        }
    }
}
