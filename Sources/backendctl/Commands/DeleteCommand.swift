// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct DeleteCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes a stopped or failed backend, and the log files of its processes.")

    @OptionGroup var backend: BackendArgument
    @OptionGroup var lock: LockOptions
    @OptionGroup var global: GlobalOptions

    @Flag(help: "Stop the backend first, and ignore the start lock of another process.")
    var force = false

    func run() async throws {
        try await global.withClient(showing: .backend(backend.name)) { client in
            try await backend.handle(client).delete(lockWait: lock.lockWait, force: force)
        }
        try global.write(.deleted(backend.name))
    }
}
