// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct InfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Shows which daemon answers, and its state.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try global.write(.info(try await global.withClient { client in try await client.serverInfo() }))
    }
}
