// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct StartCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Starts backends and waits until they run; joins a start under way.")

    @OptionGroup var backends: BackendArguments
    @OptionGroup var lock: LockOptions
    @OptionGroup var global: GlobalOptions

    @Flag(help: "Go past the holder of a start lock, and break the lock.")
    var force = false

    func run() async throws {
        let (lockWait, force) = (lock.lockWait, force)
        try await backends.each(global) { backend in
            let result = try await backend.start(lockWait: lockWait, force: force)
            return .started(result.backend, wasStarted: result.wasStarted)
        }
    }
}
