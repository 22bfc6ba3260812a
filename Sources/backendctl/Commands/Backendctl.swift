// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsAPI

/// The root of the commands.
struct Backendctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backendctl",
        abstract: "Talks to backendd, the daemon that runs model backends on this host.",
        discussion: """
            Options of all commands may also stand before the command.

            EXIT STATUS
            \(exitStatuses)
              lock and use end as their command does: 128 and the signal's number
              when a signal ended it, 127 when there is none, 126 when it cannot be
              run.

            ENVIRONMENT
              BACKENDD_SOCKET        the daemon's socket
              BACKENDCTL_LOCK_TOKEN  the token of a start lock that the caller
                                     holds; 'backendctl lock' sets it
              BACKENDCTL_MODEL_ID, BACKENDCTL_MODEL_ADDRESS, BACKENDCTL_MODEL_BACKEND
                                     what 'backendctl use' tells its command

            OUTPUT
              json and yaml have a stable shape, that of the messages in
              protos/backends/v1: names in snake_case, states without their
              prefix, moments as RFC 3339 text, null for what is not set.
              watch, logs and top write one JSON value a line. A command that waits
              says for what on standard error, where that is a terminal. Errors are one line on standard
              error: backendctl: CODE REASON: message; hint
            """,
        version: ProductVersion.current,
        subcommands: [
            TypesCommand.self, ListCommand.self, GetCommand.self, CreateCommand.self, DeleteCommand.self,
            ConfigCommand.self, StartCommand.self, StopCommand.self, LockCommand.self, ModelsCommand.self,
            LoadCommand.self, UnloadCommand.self, ResolveCommand.self, UseCommand.self, ExplainCommand.self,
            ContextCommand.self, LogsCommand.self, TopCommand.self, WatchCommand.self, InfoCommand.self,
        ])

    private static var exitStatuses: String {
        ExitStatus.allCases
            .compactMap { status in status.meaning.map { "  \(status.rawValue)  \($0)" } }
            .joined(separator: "\n")
    }
}
