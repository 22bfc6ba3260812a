// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser

struct CompletionsCommand: ParsableCommand {
    /// The shells with completions.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var parserShell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Writes the completions for a shell.",
        discussion: """
            Examples:
              source <(backendctl completions bash)
              backendctl completions zsh > ~/.zfunc/_backendctl
              backendctl completions fish > ~/.config/fish/completions/backendctl.fish
            """)

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        let script = Backendctl.completionScript(for: shell.parserShell)
        switch shell {
        case .bash: try Output.write(BashCompletions.script(around: script) + "\n")
        case .zsh, .fish: try Output.write(script + "\n")
        }
    }
}
