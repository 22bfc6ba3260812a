// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What is at a path.
package enum FileKind: Hashable, Sendable {
    case absent, socket, directory, regular, link, other
}
