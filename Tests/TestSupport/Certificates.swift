// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Certificates of an authority that exists for one test, as PEM files in its directory.
package final class Certificates: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package struct Pair: Sendable {
        package let certificate: String
        package let key: String
    }

    /// The authority's certificate, and its key.
    package let authority: Pair
    private let directory: TemporaryDirectory

    package init() async throws {
        directory = try TemporaryDirectory()
        authority = Pair(certificate: directory.file("ca.pem"), key: directory.file("ca.key"))
        try await Self.make(authority, name: "authority", more: ["-addext", "basicConstraints=critical,CA:true"])
    }

    /// Makes a certificate signed by the authority, for names and addresses such as `DNS:model.test,IP:127.0.0.1`.
    ///
    /// Its files are named after its owner by default; files with the same name are replaced.
    package func issue(_ name: String, alternatives: String? = nil, as file: String? = nil) async throws -> Pair {
        let pair = Pair(
            certificate: directory.file("\(file ?? name).pem"), key: directory.file("\(file ?? name).key"))
        var more = ["-CA", authority.certificate, "-CAkey", authority.key]
        if let alternatives { more += ["-addext", "subjectAltName=\(alternatives)"] }
        try await Self.make(pair, name: name, more: more)
        return pair
    }

    private static func make(_ pair: Pair, name: String, more: [String]) async throws {
        let program = try RunningProgram(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc",
                "-days", "2", "-subj", "/CN=\(name)", "-keyout", pair.key, "-out", pair.certificate,
            ] + more)
        guard try await program.wait() == .exited(0) else {
            throw Failure(description: await program.errors.all().joined(separator: "\n"))
        }
    }
}
