// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc
package import TextKeys

/// The listening sockets that a service manager opened for this process, as `sd_listen_fds(3)` describes them.
package enum ListenFDs {
    /// Takes the descriptors over: they become close-on-exec and their variables are removed from the environment, so
    /// that no child takes them for its own. The caller owns the numbers; pass them to `UnixSocket.adoptListener(_:)`.
    ///
    /// Empty if there are none, or they are meant for another process. Call while the process has one thread.
    package static func take() throws(SystemError) -> [Int32] {
        let numbers = parse(Environment.all, pid: ProcessInformation.pid)
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { Environment.unset(name) }
        for number in numbers {
            guard csys_set_close_on_exec(number) == 0 else { throw .last("take over", "descriptor \(number)") }
        }
        return Array(numbers)
    }

    /// The numbers that an environment names for the process `pid`.
    package static func parse(_ environment: TextMap<String>, pid: Int32) -> Range<Int32> {
        let first: Int32 = 3
        guard let owner = environment["LISTEN_PID"].flatMap({ Int32($0) }), owner == pid,
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), count > 0, count < 1024
        else { return first..<first }
        return first..<first + count
    }
}
