// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct StartCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Starts backends and waits until they run; joins a start in progress.",
        discussion: "Ends the hold of an earlier stop. Starts disabled backends too.")

    @OptionGroup var backends: BackendArguments
    @OptionGroup var lock: LockOptions
    @OptionGroup var global: GlobalOptions

    @Flag(help: "Restart at once the processes that wait for their restart, with their counters of restarts at 0.")
    var fresh = false

    @Flag(help: "Ignore the start lock of another process, and break it.")
    var force = false

    func run() async throws {
        let (fresh, lockWait, force) = (fresh, lock.lockWait, force)
        try await backends.each(global) { backend in
            .started(try await backend.start(fresh: fresh, lockWait: lockWait, force: force))
        }
    }
}
