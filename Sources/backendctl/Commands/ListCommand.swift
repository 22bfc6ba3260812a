// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the backends in priority order.", aliases: ["ls"])

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try global.write(.list(try await global.withClient { client in try await client.backends() }))
    }
}
