// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport
import Testing

/// The programs that `tools/test-environment` makes, and the servers of this build that they talk to.
enum Peers {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// The directory of the programs; nil if it was not prepared.
    static let directory: String? = Environment.get("BACKENDD_TEST_PEERS").flatMap { $0.isEmpty ? nil : $0 }

    /// The folder of the package.
    static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(4).joined(separator: "/")
    }()

    static func go() throws -> String { try file("ttrpc-peer") }
    static func grpcCpp() throws -> String { try file("grpc-cpp-peer") }
    static func contract() throws -> String { try file("contract.binpb") }

    private static func file(_ name: String) throws -> String {
        guard let directory else { throw Missing(description: "BACKENDD_TEST_PEERS is not set") }
        return directory + "/" + name
    }

    /// Runs a program, which must end with 0. Returns what it printed.
    @discardableResult
    static func run(
        _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        let program = try RunningProgram(arguments)
        let status = try await program.wait()
        let (output, errors) = (await program.output.all(), await program.errors.all())
        let said = Comment(rawValue: (output + errors).joined(separator: "\n"))
        #expect(status == .exited(0), said, sourceLocation: sourceLocation)
        return output
    }

    @discardableResult
    static func runPython(
        _ script: String, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        try await run(
            [try file("python/bin/python"), "\(root)/Tests/Peers/python/\(script)"] + arguments,
            sourceLocation: sourceLocation)
    }

    /// Runs a part of a test against the interop server of this build, which must end with 0: no handler is left.
    static func withInteropServer(_ body: (String) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let server = try RunningProgram([RunningProgram.directory + "/interop-server", "--socket", path])
        guard await server.output.line(where: { $0.contains(path) }) != nil else {
            throw Missing(description: server.errors.lines.joined(separator: "\n"))
        }
        try await body(path)
        try server.signal(.terminate)
        #expect(try await server.wait() == .exited(0))
        #expect(await server.errors.all() == [])
    }
}
