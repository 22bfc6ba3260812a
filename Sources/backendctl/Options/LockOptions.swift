// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser

/// How a command behaves while somebody else holds the start lock.
struct LockOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("How long to wait for somebody else's start lock.", valueName: "duration"),
        transform: DurationInput.transform)
    var lockWait: Duration?
}
