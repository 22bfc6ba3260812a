// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
import Testing

/// The tour of the README, word for word but for the place of the socket and of the programs.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct TourTests {
    private static let server = """
        #!/usr/bin/python3
        import http.server, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = b"tour answer to " + self.path.encode() + b"\\n"
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        port = int(sys.argv[sys.argv.index("--port") + 1])
        http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
        """

    /// The commands between two headings, with the lines that belong to them.
    private static func commands(_ readme: String) -> [String] {
        var (commands, isTour, isConsole) = ([String](), false, false)
        for line in readme.split(separator: "\n", omittingEmptySubsequences: false).map({ String($0) }) {
            if line.hasPrefix("## ") { isTour = line == "## A tour" }
            if line.hasPrefix("```") {
                isConsole = isTour && line == "```console"
            } else if isConsole, line.hasPrefix("$ ") {
                commands.append(String(line.dropFirst(2)))
            } else if isConsole, let last = commands.popLast() {
                commands.append(last + "\n" + line)
            }
        }
        return commands
    }

    @Test func `every command of the README's tour works, in its order, on one daemon`() async throws {
        let readme = String(decoding: try File.read(path: Peers.root + "/README.md", limit: 1 << 20), as: UTF8.self)
        let commands = Self.commands(readme)
        try #require(commands.count > 15)
        let directory = try TemporaryDirectory()
        _ = try directory.write(Self.server, to: "llama-server")
        let socket = directory.file("s")
        var script = "set -euo pipefail\ncd '\(directory.path)'\nchmod +x llama-server\n"
        for (number, command) in commands.enumerated() {
            // The commands are the README's own, taken to this directory.
            let words = command.split(separator: "/tmp/backendd.sock", omittingEmptySubsequences: false)
            script += "echo '== \(number)'\n" + words.joined(separator: socket) + "\n"
            if number == 1 { script += "until backendctl info >/dev/null 2>&1; do kill -0 %1; sleep 0.05; done\n" }
        }
        script += "wait %1\necho '== done'\n"
        let file = try directory.write(script, to: "tour.sh")
        let programs = "\(directory.path):\(RunningProgram.directory):"
        let environment = RunningProgram.environment.merging(
            ["PATH": programs + (RunningProgram.environment["PATH"] ?? "/usr/bin:/bin")]) { _, new in new }
        let program = try RunningProgram(["bash", file], environment: environment)
        let status = try await program.wait()
        let (output, errors) = (await program.output.all(), await program.errors.all())
        #expect(status == .exited(0), "\(output.joined(separator: "\n"))\n\(errors.joined(separator: "\n"))")
        #expect(output.last == "== done")
        for (number, command) in commands.enumerated() {
            let own = output.drop { $0 != "== \(number)" }.dropFirst().prefix { !$0.hasPrefix("== ") }
            let told = own.joined(separator: "\n")
            for (part, expected) in Self.expected where command.hasPrefix(part) {
                #expect(told.contains(expected), "\(command): \(told)")
            }
        }
    }

    /// What the answers to the commands that begin so contain.
    private static let expected = [
        ("backendctl create assistant", "assistant is created, type LOCAL"),
        ("backendctl config merge", "assistant has a new configuration"),
        ("backendctl lock assistant", "assistant is started"),
        ("backendctl watch", "assistant=STARTED"),
        ("backendctl models --available", "smollm*"),
        ("backendctl explain", "the answer would come from llama"),
        ("curl", "tour answer to /v1/models"),
        ("backendctl use", "tour answer to /health"),
        ("backendctl status", "smollm2 READY"),
        ("backendctl top", "smollm2"),
        ("backendctl restart", "llama has restarted"),
        ("backendctl stop", "assistant is stopped"),
    ]
}
