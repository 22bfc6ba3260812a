// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What is at a path.
package enum FileKind: Hashable, Sendable {
    case absent, socket, directory, regular, link, pipe, other

    /// In a sentence: "it is a directory".
    package var words: String {
        switch self {
        case .absent: "missing"
        case .socket: "a socket"
        case .directory: "a directory"
        case .regular: "a regular file"
        case .link: "a symbolic link"
        case .pipe: "a named pipe (FIFO)"
        case .other: "a device"
        }
    }
}
