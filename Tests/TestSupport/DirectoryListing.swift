// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc
package import SystemIO

/// What is in a directory.
package enum DirectoryListing {
    /// How many entries there are, the directory itself and its parent apart.
    package static func count(of path: String) throws(SystemError) -> Int {
        guard let directory = unsafe opendir(path) else { throw .last("open", path) }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        return count - 2
    }
}
