// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient

struct TypesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "types",
        abstract: "Lists the types of backend; json and yaml include the schemas of their configurations.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try global.write(.types(try await global.withClient { client in try await client.backendTypes() }))
    }
}
