// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import SystemIO
import TestSupport
import Testing
import backendctl

@Suite(.tags(.blocking)) struct CommandLinePageTests {
    /// The cells of each row of the table with this header.
    private static func rows(_ header: String) throws -> [[String]] {
        let path = Peers.root + "/Sources/backendd/backendd.docc/CommandLine.md"
        let page = String(decoding: try File.read(path: path, limit: 1 << 20), as: UTF8.self)
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        let table = lines.drop { !$0.hasPrefix("| \(header) |") }.dropFirst(2).prefix { $0.hasPrefix("|") }
        return table.map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map { cell in
                String(cell.drop { $0 == " " })
            }
        }
    }

    private static func words(_ cell: String) -> [String] {
        cell.split(separator: "`").map { String($0) }.filter { $0.allSatisfy { $0.isUppercase || $0 == "_" } }
    }

    private static let codes: [String: BackendClientError.Code] = [
        "INTERNAL": .internal, "UNIMPLEMENTED": .unimplemented, "CANCELLED": .cancelled, "UNKNOWN": .unknown,
        "OUT_OF_RANGE": .outOfRange, "DATA_LOSS": .dataLoss, "INVALID_ARGUMENT": .invalidArgument,
        "NOT_FOUND": .notFound, "ALREADY_EXISTS": .alreadyExists, "FAILED_PRECONDITION": .failedPrecondition,
        "ABORTED": .aborted, "RESOURCE_EXHAUSTED": .resourceExhausted, "UNAVAILABLE": .unavailable,
        "PERMISSION_DENIED": .permissionDenied, "UNAUTHENTICATED": .unauthenticated,
        "DEADLINE_EXCEEDED": .deadlineExceeded,
    ]

    @Test func `the page has every exit status, with the codes that lead to it`() throws {
        let rows = try Self.rows("status")
        #expect(rows.map { Int32($0[0].filter(\.isNumber)) } == ExitStatus.allCases.map(\.rawValue))
        var told: Set<String> = []
        for (row, status) in zip(rows, ExitStatus.allCases) {
            for word in Self.words(row[2]) {
                if status == .noDaemon {
                    guard Self.codes[word] == nil else { continue }
                    #expect(
                        ExitStatus(BackendClientError(.unavailable, reason: FailureReason(rawValue: word), "x"))
                            == status)
                } else if let code = Self.codes[word] {
                    told.insert(word)
                    #expect(
                        ExitStatus(BackendClientError(code, reason: FailureReason(rawValue: "OTHER"), "x")) == status,
                        "\(word)")
                }
            }
        }
        #expect(told == Set(Self.codes.keys))
    }

    @Test func `the page has every command, and the help of all`() async throws {
        let help = try await Backendctl.run(["--help"]).output.split(separator: "\n")
        let names = help.drop { $0 != "SUBCOMMANDS:" }.dropFirst()
            .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See ") }
            .map { $0.dropFirst(2).prefix { $0.isLetter } }
        let told = try Self.rows("command").map { $0[0].dropFirst().prefix { $0.isLetter } }
        #expect(names.count > 20)
        #expect(told == names)
        for name in names {
            let own = try await Backendctl.run(["help", String(name)])
            #expect(own.status == 0 && own.output.contains("USAGE: backendctl \(name)"))
        }
    }

    @Test func `each time limit of the page is an option of its command`() async throws {
        for row in try Self.rows("option") {
            let option = row[0].filter { $0 != "`" && $0 != " " }
            let command = ["--timeout": "list", "--lock-wait": "start", "--wait": "use", "--drain": "unload"][option]
            let help = try await Backendctl.run(["help", try #require(command)]).output
            #expect(help.contains("\(option) <duration>"))
        }
    }
}
