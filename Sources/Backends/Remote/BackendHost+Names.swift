// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension BackendHost {
    /// The addresses of a name, at least one.
    func addresses(of name: String, within time: Duration) async throws(BackendError) -> [IPAddress] {
        let resolver: NameResolver
        do throws(SystemError) {
            resolver = try self.resolver()
        } catch {
            throw Self.notResolved(.failed, error.description)
        }
        do throws(NameResolutionError) {
            return try await resolver.addresses(of: name, within: time)
        } catch {
            throw Self.notResolved(error.kind, error.message)
        }
    }

    /// The name came with a request and is not repeated.
    private static func notResolved(_ kind: NameResolutionError.Kind, _ why: String) -> BackendError {
        let message = "the host of the request's route cannot be looked up: \(why)"
        return switch kind {
        case .notFound: BackendError(.notFound, .nameNotResolved, message)
        case .tooMany: BackendError(.resourceExhausted, .nameNotResolved, message, retryAfter: .seconds(1))
        case .failed, .timeout, .cancelled:
            BackendError(.unavailable, .nameNotResolved, message, retryAfter: .seconds(1))
        }
    }
}
