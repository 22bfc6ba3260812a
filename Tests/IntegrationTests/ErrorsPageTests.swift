// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct ErrorsPageTests {
    /// Words in capitals that are not reasons: gRPC codes, causes of events, environment variables.
    private static let codes: Set<Substring> = [
        "ALREADY_EXISTS", "DATA_LOSS", "FAILED_PRECONDITION", "INVALID_ARGUMENT", "NOT_FOUND", "OUT_OF_RANGE",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "NOT_SERVING", "PREFIX_STORE_PATH", "GRPC_PORT", "IN_PROCESS",
        "NO_COLOR", "LOG_LOST", "LOG_KEPT", "ON_DEMAND", "NEXT_START", "NEEDS_RESTART",
    ]
    private static let variables = [
        "FAULTY_", "JOURNAL_", "INVOCATION_", "BACKENDD_", "BACKENDCTL_", "LISTEN_", "NOTIFY_", "WATCHDOG_", "XDG_",
    ]

    @Test func `the page has a row for every reason of the sources, and no other`() async throws {
        let page = try File.read(path: Peers.root + "/Sources/backendd/backendd.docc/Errors.md", limit: 1 << 20)
        let named = Self.reasons(Set(Self.words(in: page, between: "`")))
        let given = Self.reasons(try await Self.wordsOfSources())
        #expect(given.count > 60)
        #expect(given.subtracting(named) == [])
        #expect(named.subtracting(given) == [])
    }

    private static func reasons(_ words: Set<Substring>) -> Set<Substring> {
        words.subtracting(codes).subtracting(BackendEvent.Cause.allCases.map { Substring($0.rawValue) })
            .subtracting(ModelEvent.Cause.allCases.map { Substring($0.rawValue) })
            .subtracting(CommandTemplate.names.map { Substring($0) })
            .subtracting(ModelState.allCases.map { Substring("\($0)") })
            .filter { word in !variables.contains { word.hasPrefix($0) } }
    }

    /// The words in capitals, two parts or more, that stand in the Swift sources as literals. The client library names every reason; of
    /// those names only the ones that it gives itself count.
    private static func wordsOfSources() async throws -> Set<Substring> {
        let list = try RunningProgram([
            "find", Peers.root + "/Sources", "-name", "*.swift", "-not", "-path", "*/Generated/*",
        ])
        var (words, client, names): (Set<Substring>, String, String) = ([], "", "")
        for path in await list.output.all() {
            let text = try File.read(path: path, limit: 1 << 20)
            if path.hasSuffix("/FailureReason.swift") {
                names = String(decoding: text, as: UTF8.self)
                continue
            }
            words.formUnion(Self.words(in: text, between: "\""))
            if path.contains("/BackendsClient/") { client += String(decoding: text, as: UTF8.self) }
        }
        for line in names.split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard let member = parts.firstIndex(of: "let").map({ parts[$0 + 1] }), client.contains(".\(member)") else {
                continue
            }
            words.formUnion(Self.words(in: Array(line.utf8), between: "\""))
        }
        return words
    }

    private static func words(in text: [UInt8], between quote: Character) -> [Substring] {
        String(decoding: text, as: UTF8.self).split(separator: quote).filter { word in
            word.first != "_" && word.contains("_") && word.allSatisfy { $0 == "_" || ("A"..."Z").contains($0) }
        }
    }
}
