// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct RestartCommand: WaitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stops backends, starts them again and waits until they run.",
        discussion: """
            With --all, stopped backends stay stopped; a backend that is named is started in any case. With --model or \
            --instance, the backend goes on and only that is restarted.
            """)

    @OptionGroup var backends: BackendArguments
    @OptionGroup var lock: LockOptions
    @OptionGroup var global: GlobalOptions

    @Option(help: "Unload this model of the backend and load it again.", completion: .modelNames)
    var model: String?

    @Option(help: "Restart this process of the backend; see 'backendctl ps'.", completion: .instanceNames)
    var instance: String?

    @Flag(help: "Ignore the start lock of another process, and break it; with --model, end the uses of the model.")
    var force = false

    func validate() throws {
        if model != nil, instance != nil { throw ValidationError("--model cannot be combined with --instance") }
        guard model == nil && instance == nil || backends.names.count == 1 else {
            throw ValidationError("--model and --instance take the name of one backend")
        }
    }

    func run() async throws {
        let (model, instance, lockWait, force) = (model, instance, lock.lockWait, force)
        try await backends.each(global, ofAll: { $0.state != .stopped }) { backend in
            if let model {
                let description = try await backend.restartModel(model, lockWait: lockWait, force: force)
                return .restarted(description, "model \(model)")
            }
            if let instance {
                let description = try await backend.restartInstance(instance, lockWait: lockWait, force: force)
                return .restarted(description, "instance \(instance)")
            }
            return .restarted(try await backend.restart(lockWait: lockWait, force: force))
        }
    }
}
