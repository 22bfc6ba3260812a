// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct DisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Keeps requests and starts of the daemon from starting backends.",
        discussion: "Does not stop them. 'backendctl start' starts a disabled backend all the same.")

    @OptionGroup var backends: BackendArguments
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await backends.each(global) { backend in .disabled(try await backend.disable()) }
    }
}
