// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsClient
import DaemonTestSupport
import SystemIO
import TestSupport
import Testing

/// Values of a newer daemon survive, and those of this one have names.
@Suite(.tags(.blocking)) struct OpenValueTests {
    private static func source(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        return String(decoding: try File.read(path: "\(root)/Sources/\(path)", limit: 1 << 20), as: UTF8.self)
    }

    /// The words in capitals after a text, in each line that has both.
    private static func words(in text: Substring, after mark: String, before end: Character) -> [String] {
        text.split(separator: "\n").compactMap { line -> String? in
            let parts = String(line).split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 ? String(parts[1].prefix { $0 != end }) : nil
        }
    }

    @Test func `every reason that the page lists for a client has a name, and no other word has one`() throws {
        let page = try Self.source("backendd/backendd.docc/Errors.md")
        let named = Self.words(
            in: try Self.source("BackendsClient/Values/FailureReason.swift")[...], after: "Self(rawValue: \"",
            before: "\"")
        #expect(Set(named).count == named.count)
        let sections = page.split(separator: "\n## ")
        var listed: Set<String> = []
        for section in sections {
            let words = Self.words(in: section, after: "| `", before: "`")
            listed.formUnion(words)
            guard section.hasPrefix("From the backends") || section.hasPrefix("From the client") else { continue }
            #expect(Set(words).subtracting(named) == [])
        }
        #expect(Set(named).subtracting(listed) == [])
    }

    @Test func `every cause of the daemon has a name`() throws {
        let named = Self.words(
            in: try Self.source("BackendsClient/Values/DaemonEvent.swift")[...], after: "Self(rawValue: \"",
            before: "\"")
        let causes =
            Backends.BackendEvent.Cause.allCases.map(\.rawValue) + ModelEvent.Cause.allCases.map(\.rawValue)
            + ["LOG_LOST", "LOG_KEPT"]
        #expect(Set(named) == Set(causes) && named.count == causes.count)
    }

    @Test(
        arguments: [
            ("defaults", .defaults), ("base", .base), ("owner:team-a", .owner("team-a")), ("owner:", .owner("")),
            ("host", .other("host")),
        ] as [(String, ConfigurationOrigin.Layer)])
    func `a layer keeps the daemon's word`(word: String, layer: ConfigurationOrigin.Layer) {
        #expect(ConfigurationOrigin.Layer(rawValue: word) == layer)
        #expect(layer.rawValue == word)
    }

    @Test func `words and numbers that are not known survive`() throws {
        let change = BackendsAPI.BackendEvent(
            sequence: 1, backend: "b", newState: .failed, cause: "SOMETHING_NEW",
            failure: BackendsAPI.BackendFailure(reason: "NEW_REASON", message: "x"))
        guard case .change(let event) = BackendsClient.DaemonEvent(.change(change)) else {
            return _ = Issue.record("not a change")
        }
        #expect(event.cause == BackendsClient.DaemonEvent.Cause(rawValue: "SOMETHING_NEW"))
        #expect(event.failure?.reason.rawValue == "NEW_REASON")
        let verdict = BackendsClient.ModelVerdict(BackendVerdict(backend: "b", verdict: .unrecognized(9)))
        #expect(verdict.decision == .other(9) && verdict.decision.description == "VERDICT_9" && verdict.reason == nil)
    }

    @Test(
        arguments: [
            ("", []), ("AP8", [0, 255]), ("AP8=", [0, 255]), ("_-8=", [255, 239]), ("/+8", [255, 239]), ("AP9", nil),
            ("AP8==", nil), ("A", nil), ("A*8", nil), ("====", nil),
        ] as [(String, [UInt8]?)])
    func `binary metadata is read from Base64 in either alphabet`(text: String, bytes: [UInt8]?) {
        let entry = BackendsClient.RuntimeContext.Metadata("t-bin", base64: text)
        #expect(entry?.value == bytes.map { .binary($0) })
    }

    @Test func `a client of a scope is closed after it`() async throws {
        try await withDaemon { daemon in
            let client = try await withBackendClient(socket: daemon.path) { client in
                _ = try await client.serverInfo()
                return client
            }
            try await expectRefusal("CLIENT_CLOSED") { _ = try await client.serverInfo() }
            #expect(client.timeout == BackendClient.defaultTimeout)
        }
    }
}
