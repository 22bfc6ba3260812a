// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser

/// How a command behaves while another process holds the start lock.
struct LockOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How long to wait while another process holds the start lock. Default: not at all.", valueName: "duration"),
        transform: DurationInput.transform)
    var lockWait: Duration?
}
