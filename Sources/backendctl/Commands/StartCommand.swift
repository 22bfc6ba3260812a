// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Starts a backend and waits until it runs; joins a start under way.")

    @OptionGroup var backend: BackendArgument
    @OptionGroup var lock: LockOptions
    @OptionGroup var global: GlobalOptions

    @Flag(help: "Go past the holder of its start lock, and break the lock.")
    var force = false

    func run() async throws {
        let result = try await global.withClient(showing: .backend(backend.name)) { client in
            try await backend.handle(client).start(lockWait: lock.lockWait, force: force)
        }
        try global.write(.started(result))
    }
}
