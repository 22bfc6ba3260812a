// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

extension Directory {
    /// What keeps a program without privileges from writing to files of the directory; nil where nothing does.
    ///
    /// - Parameter isTried: Whether a write is tried too, which alone shows a quota and a disk that fails.
    /// - Returns: The fault.
    package borrowing func writeFault(isTried: Bool) -> SystemError? {
        var status = statvfs()
        guard unsafe fstatvfs(descriptor.rawValue, &status) == 0 else { return .last("look at the disk of", path) }
        if status.f_bavail == 0 { return SystemError(code: ENOSPC, call: "write to", subject: path) }
        guard isTried else { return nil }
        let code = csys_try_writing(descriptor.rawValue)
        return code == 0 ? nil : SystemError(code: code, call: "write to", subject: path)
    }
}
