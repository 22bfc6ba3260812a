// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport
import Testing

/// The code of the articles is compiled with the tests, and that of the first steps runs.
@Suite(.tags(.blocking)) struct ArticleTests {
    @Test(arguments: ["BackendsClient", "FirstSteps", "Locking", "Errors"])
    func `the code of an article is compiled`(name: String) throws {
        let blocks = Self.swiftBlocks(of: try text("../../Sources/BackendsClient/BackendsClient.docc/\(name).md"))
        #expect(!blocks.isEmpty)
        #expect(blocks.joined(separator: "\n") == Self.body(of: try text("Articles/\(name).swift")))
    }

    @Test func `the first steps run`() async throws {
        let daemon = try await RunningDaemon.start()
        let outcome = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [path = daemon.path as String] in
            TestProcess.setEnvironment("BACKENDD_SOCKET", to: path)
            try await firstSteps()
        }
        let output = String(decoding: outcome.standardOutputContent, as: UTF8.self)
        #expect(output.contains("types: FAULTY, LOCAL, PROCESS, REMOTE, TGIS\nteam-b: owners"))
        #expect(output.contains("assistant ignored\ngranite is READY\nusing granite of assistant at 127.0.0.1:"))
        #expect(output.contains("there are 2 backends\n"))
        try await daemon.stop()
    }

    private func text(_ name: String) throws -> String {
        let directory = String(#filePath.dropLast("ArticleTests.swift".count))
        return String(decoding: try File.read(path: directory + name, limit: 1 << 20), as: UTF8.self)
    }

    private static func swiftBlocks(of article: String) -> [String] {
        var blocks: [String] = []
        var block: String?
        for line in article.split(separator: "\n", omittingEmptySubsequences: false) {
            switch (line, block) {
            case ("```swift", nil): block = ""
            case ("```", let text?):
                blocks.append(text)
                block = nil
            case (_, let text?): block = text + line + "\n"
            case (_, nil): break
            }
        }
        return blocks
    }

    /// Returns what is inside the function, four spaces to the left.
    private static func body(of file: String) -> String {
        let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { !$0.hasPrefix("func ") }.dropFirst().prefix { $0 != "}" }
        return lines.map { ($0.hasPrefix("    ") ? $0.dropFirst(4) : $0) + "\n" }.joined()
    }
}
