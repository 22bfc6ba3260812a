// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct StopCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stops backends and waits until they have stopped; joins a stop in progress.",
        discussion:
            "A stop holds: until 'backendctl start', neither requests nor a start of the daemon start the backend.")

    @OptionGroup var backends: BackendArguments
    @OptionGroup var lock: LockOptions
    @OptionGroup var global: GlobalOptions

    @Flag(help: "Ignore the start lock of another process, and break it.")
    var force = false

    func run() async throws {
        let (lockWait, force) = (lock.lockWait, force)
        try await backends.each(global) { backend in
            .stopped(try await backend.stop(lockWait: lockWait, force: force))
        }
    }
}
