// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct EnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Lets requests and starts of the daemon start backends, as their start policies say.",
        discussion: "Does not start them, and does not end the hold of a stop.")

    @OptionGroup var backends: BackendArguments
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await backends.each(global) { backend in .enabled(try await backend.enable()) }
    }
}
