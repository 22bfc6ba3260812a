// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct StartCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Starts backends and waits until they run; joins a start in progress.")

    @OptionGroup var backends: BackendArguments
    @OptionGroup var lock: LockOptions
    @OptionGroup var global: GlobalOptions

    @Flag(help: "Ignore the start lock of another process, and break it.")
    var force = false

    func run() async throws {
        let (lockWait, force) = (lock.lockWait, force)
        try await backends.each(global) { backend in
            .started(try await backend.start(lockWait: lockWait, force: force))
        }
    }
}
