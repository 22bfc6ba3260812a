// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport
import Testing

@Suite struct FirstStepsTests {
    private static let article = "../../Sources/BackendsClient/BackendsClient.docc/FirstSteps.md"

    @Test func `the code of the article is the code that is compiled`() throws {
        let blocks = Self.swiftBlocks(of: try text(Self.article))
        #expect(blocks.count == 7)
        #expect(blocks.joined(separator: "\n") == Self.body(of: try text("FirstSteps.swift")))
    }

    @Test func `the code of the article runs`() async throws {
        let daemon = try await RunningDaemon.start()
        let outcome = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [path = daemon.path as String] in
            TestProcess.setEnvironment("BACKENDD_SOCKET", to: path)
            try await firstSteps()
        }
        let output = String(decoding: outcome.standardOutputContent, as: UTF8.self)
        #expect(output.contains("types: FAULTY, LOCAL, PROCESS, REMOTE, TGIS\nteam-b: CONFIG_CONFLICT owners"))
        #expect(output.contains("assistant ignored\nthere are 2 backends\n"))
        try await daemon.stop()
    }

    private func text(_ name: String) throws -> String {
        let directory = String(#filePath.dropLast("FirstStepsTests.swift".count))
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

    /// What is inside the function, four spaces to the left.
    private static func body(of file: String) -> String {
        let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { !$0.hasPrefix("func firstSteps") }.dropFirst().prefix { $0 != "}" }
        return lines.map { ($0.hasPrefix("    ") ? $0.dropFirst(4) : $0) + "\n" }.joined()
    }
}
