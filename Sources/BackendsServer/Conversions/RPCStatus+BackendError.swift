// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
package import SocketRPC

extension RPCStatus {
    /// The one map from the domain's errors to what goes over the wire.
    package init(_ error: BackendError) {
        var metadata = error.metadata
        // An instance is named for its backend, and for its model behind a slash.
        metadata["backend"] = metadata["backend"] ?? metadata["instance"].map { String($0.prefix { $0 != "/" }) }
        self.init(
            Code(error.kind), reason: error.reason.rawValue, error.message, metadata: metadata,
            retryAfter: error.retryAfter)
        if !error.violations.isEmpty {
            add(
                GoogleBadRequest(
                    fieldViolations: error.violations.map {
                        GoogleBadRequest.FieldViolation(field: $0.path, description: $0.description)
                    }))
        }
    }

    /// The status for a field that is wrong whatever the domain says.
    static func invalid(_ field: String, reason: String = "FIELD_INVALID", _ description: String) -> RPCStatus {
        var status = RPCStatus(.invalidArgument, reason: reason, "\(field) \(description)")
        status.add(GoogleBadRequest(fieldViolations: [.init(field: field, description: description)]))
        return status
    }
}

extension RPCStatus.Code {
    fileprivate init(_ kind: BackendError.Kind) {
        switch kind {
        case .notFound: self = .notFound
        case .alreadyExists: self = .alreadyExists
        case .invalidArgument: self = .invalidArgument
        case .failedPrecondition: self = .failedPrecondition
        case .aborted: self = .aborted
        case .permissionDenied: self = .permissionDenied
        case .resourceExhausted: self = .resourceExhausted
        case .deadlineExceeded: self = .deadlineExceeded
        case .cancelled: self = .cancelled
        case .unavailable: self = .unavailable
        case .internal: self = .internal
        }
    }
}

/// Runs a command of the domain; what it throws becomes a status.
nonisolated(nonsending) func asStatus<Result>(
    _ command: nonisolated(nonsending) () async throws(BackendError) -> Result
) async throws(RPCStatus) -> Result {
    do throws(BackendError) {
        return try await command()
    } catch {
        throw RPCStatus(error)
    }
}

/// Runs a command of the domain that does not wait.
func asStatus<Result>(_ command: () throws(BackendError) -> Result) throws(RPCStatus) -> Result {
    do throws(BackendError) {
        return try command()
    } catch {
        throw RPCStatus(error)
    }
}

extension RPCStatus {
    /// How a part of a call ended, for a group of tasks, whose errors have no type.
    static func result(_ body: () async throws(RPCStatus) -> Void) async -> Result<Void, RPCStatus> {
        do throws(RPCStatus) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}
