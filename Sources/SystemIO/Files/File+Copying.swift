// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

extension File {
    /// Why a file cannot be read now; nil if it can.
    package static func problem(reading path: String) -> SystemError? {
        do throws(SystemError) {
            _ = try openRegular(path)
            return nil
        } catch {
            return error
        }
    }

    /// Opens a regular file to read; links in its path are followed.
    ///
    /// - Throws: `EINVAL` if it is something else, without blocking on a pipe or a device.
    package static func openRegular(_ path: String) throws(SystemError) -> FileDescriptor {
        let number = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard number >= 0 else { throw .last("open", path) }
        let file = FileDescriptor(adopting: number)
        guard try FileStatus(of: file).kind == .regular else {
            throw SystemError(code: EINVAL, call: "open as a regular file", subject: path)
        }
        return file
    }

    /// Copies the content of a file into an empty one, with its times and permissions, and writes it to the disk.
    package static func copy(
        _ source: borrowing FileDescriptor, with status: FileStatus, to copy: borrowing FileDescriptor
    ) throws(SystemError) {
        guard csys_copy(source.rawValue, copy.rawValue, status.size) == 0 else { throw .last("copy a file") }
        guard fchmod(copy.rawValue, mode_t(status.mode & 0o777)) == 0 else { throw .last("set the mode of a file") }
        let time = timespec(tv_sec: Int(status.modifiedSeconds), tv_nsec: Int(status.modifiedNanoseconds))
        let times = [time, time]
        guard unsafe futimens(copy.rawValue, times) == 0 else { throw .last("set the time of a file") }
        guard fsync(copy.rawValue) == 0 else { throw .last("write a file to the disk") }
    }
}
