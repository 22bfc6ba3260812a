// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a new holder of a start lock gets: the token, and what is set when the lock is taken away.
struct StartLockGrant: Sendable {
    let token: UInt64
    let broken: OneShot<BackendError>
}
