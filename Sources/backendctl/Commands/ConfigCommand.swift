// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Shows and changes configurations.",
        discussion: """
            A configuration is made of layers: the type's defaults, the base it was created with, and one layer per owner. Two \
            owners that give one path different values are refused.
            """,
        subcommands: [
            ConfigGetCommand.self, ConfigSetCommand.self, ConfigMergeCommand.self, ConfigExportCommand.self,
            ConfigImportCommand.self,
        ])
}
