// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
import Testing

/// What bash offers for a command line that is being typed.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct CompletionsTests {
    private static let configuration = #"""
        backends:
          - {name: alpha, type: LOCAL, config: {models: ["phi:4b", "phi:8b", "tiny*", "$(echo bad)", "`echo bad`", "a b"]}}
          - {name: beta, type: LOCAL}
        """#

    /// Does for each line of words what bash does when the last of them is to be completed, and writes what it offers.
    private static let script = #"""
        source <("$0" completions bash)
        registered="$(complete -p backendctl)"
        registered="${registered##* -F }"
        while read -r line; do
            COMP_WORDS=("$0")
            for word in ${line}; do [[ "${word}" == _ ]] && word=''; COMP_WORDS+=("${word}"); done
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            COMP_LINE="${COMP_WORDS[*]}"
            COMP_POINT=${#COMP_LINE}
            COMPREPLY=()
            current="${COMP_WORDS[COMP_CWORD]}"
            [[ "${current}" == [=:] ]] && current=''
            "${registered%% *}" "$0" "${current}" "${COMP_WORDS[COMP_CWORD - 1]}"
            echo "${COMPREPLY[*]}"
        done
        """#

    /// Lines as readline takes them apart, with `_` for a word that is empty, and what is offered.
    private static let lines = [
        ("st", "status start stop"), ("--output json st", "status start stop"), ("-o json st", "status start stop"),
        ("--output _", "table json yaml"), ("--output = j", "json"), ("--output =", "table json yaml"),
        ("--ti", "--timeout"), ("ls --ti", "--timeout"), ("ps -o _", "table json yaml"),
        ("help st", "status start stop"), ("help config s", "set"), ("config s", "set"),
        ("-o json config s", "set"), ("-o json config set al", "alpha"), ("config get _", "alpha beta"),
        ("start al", "alpha"), ("--timeout 5s start b", "beta"), ("--socket = /nowhere start a", ""),
        ("--socket /nowhere start a", ""), ("create x --type L", "LOCAL"),
        ("create x --type _", "FAULTY LOCAL PROCESS REMOTE TGIS"),
        ("resolve _", "phi:4b phi:8b"), ("load ph", "phi:4b phi:8b"), ("use phi : 8", "8b"),
        ("unload phi :", "4b 8b"),
        ("logs _", "alpha beta"), ("logs alpha ph", "phi:4b phi:8b"), ("explain phi : 4b --backend _", "alpha beta"),
        ("top --sort m", "memory"), ("completions b", "bash"),
    ]

    @Test func `bash offers commands, options, values and names wherever they may stand`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            let directory = try TemporaryDirectory()
            let path = try directory.write(Self.lines.map { $0.0 + "\n" }.joined(), to: "lines")
            let input = FileDescriptor(adopting: try TestProcess.openForReading(path))
            let bash = try RunningProgram(
                ["bash", "-c", Self.script, Backendctl.executable],
                environment: RunningProgram.environment.merging(["BACKENDD_SOCKET": backendctl.daemon.path]) { $1 },
                input: .descriptor(input.rawValue))
            withExtendedLifetime(input) {}
            let offered = await bash.output.all()
            #expect(await bash.errors.all() == [])
            #expect(offered.count == Self.lines.count)
            for ((line, expected), offered) in zip(Self.lines, offered) { #expect(offered == expected, "\(line)") }
        }
    }
}
