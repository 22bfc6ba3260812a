// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import SocketRPC

extension StartLockOptions {
    /// What a command says about the start lock.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a wait that is no duration.
    init(token: UInt64, wait: GoogleDuration?, force: Bool) throws(RPCStatus) {
        self.init(token: token, wait: try Duration.checked(wait, field: "lock_wait"), force: force)
    }
}

extension Duration {
    /// The duration of a request; protobuf bounds one at ten thousand years, with a sign that both parts share.
    static func checked(_ message: GoogleDuration?, field: String) throws(RPCStatus) -> Duration? {
        guard let message else { return nil }
        guard (0...315_576_000_000).contains(message.seconds), (0...999_999_999).contains(message.nanos) else {
            throw .invalid(field, "is no duration from 0 to 10,000 years")
        }
        return Duration(message)
    }
}
