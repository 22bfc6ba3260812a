// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a caller wants of one backend, subject to its start lock.
enum BackendCommand: Sendable {
    case start
    case stop
    case delete(force: Bool)
    case registerConfig(ConfigRegistration)
}
