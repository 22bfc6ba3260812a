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
              lock and use end as their command does: 128 plus the signal's number
              when a signal ended it, 127 when the command does not exist, 126 when
              it cannot be run. 141 when the reader of the output has gone. Several
              backends: all are tried, and the highest status counts. A signal such as
              Ctrl-C ends a command as it ends any other; what was begun goes on.

            ENVIRONMENT
              BACKENDD_SOCKET        the daemon's socket
              BACKENDCTL_LOCK_TOKEN  the token of a start lock that the caller
                                     holds; 'backendctl lock' sets it
              BACKENDCTL_MODEL_ID, BACKENDCTL_MODEL_ADDRESS, BACKENDCTL_MODEL_BACKEND,
              BACKENDCTL_MODEL_KIND  what 'backendctl use' tells its command
              NO_COLOR               top shows states without colours

            OUTPUT
              json and yaml have a stable shape, that of the messages in
              protos/backends/v1: names in snake_case, states without their
              prefix, moments as RFC 3339 text, durations in seconds such as
              "5.064s", null for what is not set.
              watch, logs and top write one JSON value per line, and so do start,
              stop and restart for several backends. A command that waits says
              for what on standard error, where that is a terminal. Errors go to
              standard error: backendctl: CODE REASON: message; hint, or with
              --output json an object with code, reason, message, hint and
              violations, also for a wrong command line.
              Control characters, line ends of Unicode, and characters that turn
              the direction of writing or show nothing are written as escapes.

            TIME LIMITS
              --timeout    how long a call may take in all; when it is over, the
                           command ends with 6, and what was begun goes on
              --lock-wait  how long a change waits while another process holds
                           the start lock of the backend
              --wait       lock, use: how long to wait for the lock or the model
                           before the command is run; the command has no limit
              --drain      unload: how long uses under way may go on
            """,
        version: ProductVersion.current,
        subcommands: [
            TypesCommand.self, ListCommand.self, GetCommand.self, StatusCommand.self, CreateCommand.self,
            DeleteCommand.self, ConfigCommand.self, StartCommand.self, StopCommand.self, RestartCommand.self,
            LockCommand.self, ModelsCommand.self,
            LoadCommand.self, UnloadCommand.self, ResolveCommand.self, UseCommand.self, ExplainCommand.self,
            ContextCommand.self, LogsCommand.self, PsCommand.self, TopCommand.self, WatchCommand.self, InfoCommand.self,
            CompletionsCommand.self,
        ])

    private static var exitStatuses: String {
        ExitStatus.allCases
            .compactMap { status in status.meaning.map { "  \(status.rawValue)  \($0)" } }
            .joined(separator: "\n")
    }
}
