// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A real HTTPS server, Python's, on the loopback. It ends with the last reference.
///
/// It answers `GET` with the TLS version, the server name that the client sent, and the name in the client's certificate, or `-`
/// without one.
package final class TLSServer: Sendable {
    package enum Version: String, Sendable, CaseIterable {
        case tls12 = "TLSv1_2"
        case tls13 = "TLSv1_3"
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package let port: UInt16
    private let program: RunningProgram

    /// Starts the server with its certificate. With an authority for clients, it requires their certificates.
    package init(_ pair: Certificates.Pair, clients: String? = nil, version: Version = .tls13) async throws {
        program = try RunningProgram(
            ["python3", "-c", Self.script, pair.certificate, pair.key, clients ?? "", version.rawValue])
        guard let line = await program.output.line(where: { _ in true }), let port = UInt16(line) else {
            throw Failure(description: await program.errors.all().joined(separator: "\n"))
        }
        self.port = port
    }

    private static let script = """
        import http.server, ssl, sys
        certificate, key, authority, version = sys.argv[1:5]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        if authority:
            context.load_verify_locations(authority)
            context.verify_mode = ssl.CERT_REQUIRED
        context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
        asked = ["-"]
        def name_asked(connection, name, context):
            asked[0] = name or "-"
        context.sni_callback = name_asked
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                client = self.connection.getpeercert() or {}
                names = [value for part in client.get("subject", ()) for name, value in part]
                body = " ".join([self.connection.version(), asked[0], *(names or ["-"])]).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """
}
