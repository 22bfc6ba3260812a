// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The command that something was held for could not be started.
struct CommandNotRun: Error {
    let error: SystemError

    /// As shells have it: 127 for a command that is not there, 126 for one that cannot be run.
    var status: Int32 { error.isNotFound ? 127 : 126 }
}
