// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct RestartCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stops backends, starts them again and waits until they run.",
        discussion: "With --all, stopped backends stay stopped; a backend that is named is started in any case.")

    @OptionGroup var backends: BackendArguments
    @OptionGroup var lock: LockOptions
    @OptionGroup var global: GlobalOptions

    @Flag(help: "Ignore the start lock of another process, and break it.")
    var force = false

    func run() async throws {
        let (lockWait, force) = (lock.lockWait, force)
        try await backends.each(global, ofAll: { $0.state != .stopped }) { backend in
            try await backend.stop(lockWait: lockWait, force: force)
            return .started(try await backend.start(lockWait: lockWait, force: force))
        }
    }
}
