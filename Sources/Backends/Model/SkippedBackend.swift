// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A backend that was passed over, and why.
package struct SkippedBackend: Hashable, Sendable {
    package var backend: String
    package var error: BackendError
}
