// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc

extension Directory {
    /// Whether the disk of the directory has room left to write to, for a program without privileges.
    package borrowing func hasRoom() throws(SystemError) -> Bool {
        var status = statvfs()
        guard unsafe fstatvfs(descriptor.rawValue, &status) == 0 else { throw .last("look at the disk of", path) }
        return status.f_bavail > 0
    }
}
