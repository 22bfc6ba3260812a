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
            Options that all commands share may also come before the command.

            EXIT STATUS
            \(exitStatuses)
              lock and use end with the status of their command: 128 plus the
              signal's number if a signal ended it, 127 if the command does not exist,
              126 if it cannot be run. The status is 141 if the reader has closed the
              output. Commands for several backends try all of them and exit with
              the highest status. A signal such as Ctrl-C ends a command as it ends
              any other; what the daemon has begun continues.

            ENVIRONMENT
              BACKENDD_SOCKET        the daemon's socket
              BACKENDCTL_LOCK_TOKEN  the token of a start lock that the caller
                                     holds; 'backendctl lock' sets it
              BACKENDCTL_MODEL_ID, BACKENDCTL_MODEL_ADDRESS, BACKENDCTL_MODEL_BACKEND,
              BACKENDCTL_MODEL_KIND  what 'backendctl use' passes to its command
              NO_COLOR               if set, top shows states without colors

            OUTPUT
              json and yaml have a stable structure, that of the messages in
              protos/backends/v1: names in snake_case, states without their
              prefix, times as RFC 3339 text, durations in seconds such as
              "5.064s", null for fields that are not set.
              watch, logs and top write one JSON value per line, and so do start,
              stop, restart, enable and disable for several backends. If standard error is a
              terminal, a command that waits shows there what it waits for. Errors
              go to standard error: backendctl: CODE REASON: message; hint, or with
              --output json an object with code, reason, message, hint and
              violations, even if the command line is wrong.
              Control characters, line ends of Unicode, and characters that change
              the writing direction or are invisible are written as escapes.

            TIME LIMITS
              --timeout    how long a call may take in all; after that the command
                           exits with 6; what the daemon has begun continues
              --lock-wait  how long a change waits while another process holds
                           the start lock of the backend
              --wait       lock, use: how long to wait for the lock or the model
                           before the command runs; the command itself has no limit
              --drain      unload: how long current uses may continue
            """,
        version: ProductVersion.current,
        subcommands: [
            TypesCommand.self, ListCommand.self, GetCommand.self, StatusCommand.self, CreateCommand.self,
            DeleteCommand.self, ConfigCommand.self, ReloadCommand.self, StartCommand.self, StopCommand.self,
            RestartCommand.self,
            EnableCommand.self, DisableCommand.self, LockCommand.self, ModelsCommand.self, LoadCommand.self,
            UnloadCommand.self, ResolveCommand.self, UseCommand.self, ExplainCommand.self,
            ContextCommand.self, LogsCommand.self, PsCommand.self, TopCommand.self, WatchCommand.self, InfoCommand.self,
            CompletionsCommand.self,
        ])

    private static var exitStatuses: String {
        ExitStatus.allCases
            .compactMap { status in status.meaning.map { "  \(status.rawValue)  \($0)" } }
            .joined(separator: "\n")
    }
}
