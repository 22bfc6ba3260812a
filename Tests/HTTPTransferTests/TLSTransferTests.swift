// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SystemIO
internal import TestSupport
internal import Testing

/// HTTPS with a real server, and certificates of both sides.
@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct TLSTransferTests {
    private func request(_ server: TLSServer, _ tls: HTTPTLS?, connectOnly: Bool = false) -> HTTPRequest {
        HTTPRequest(url: "https://127.0.0.1:\(server.port)/", timeout: .seconds(60), tls: tls, connectOnly: connectOnly)
    }

    private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test(arguments: TLSServer.Version.allCases)
    func `both sides show the certificates they have`(version: TLSServer.Version) async throws {
        let certificates = try await Certificates()
        let authority = certificates.authority.certificate
        let server = try await TLSServer(
            certificates.issue("server", alternatives: "IP:127.0.0.1"), clients: authority, version: version)
        let client = try await certificates.issue("alice")
        let tls = HTTPTLS(caFile: authority, certFile: client.certificate, keyFile: client.key)
        try await withTransfer { transfer in
            let response = try await transfer.perform(request(server, tls))
            #expect(text(response) == (version == .tls12 ? "TLSv1.2 - alice" : "TLSv1.3 - alice"))
            let connection = try await transfer.perform(request(server, tls, connectOnly: true))
            #expect(connection.status == 0)
        }
    }

    @Test(arguments: TLSServer.Version.allCases, [false, true])
    func `a server that requires a certificate refuses clients without one`(
        version: TLSServer.Version, connectOnly: Bool
    ) async throws {
        let certificates = try await Certificates()
        let authority = certificates.authority.certificate
        let server = try await TLSServer(
            certificates.issue("server", alternatives: "IP:127.0.0.1"), clients: authority, version: version)
        try await withTransfer { transfer in
            let error = await failure(transfer, request(server, HTTPTLS(caFile: authority), connectOnly: connectOnly))
            // If a request was sent already, the server's reason can be lost with the connection.
            let isLost = version == .tls13 && !connectOnly && error?.kind == .protocol
            #expect(error?.kind == .tls || isLost)
            #expect(error?.message.contains("127.0.0.1:\(server.port)") == true, "\(error?.message ?? "")")
        }
    }

    @Test(arguments: [false, true])
    func `a server of an authority that is not believed is refused`(connectOnly: Bool) async throws {
        let (certificates, others) = (try await Certificates(), try await Certificates())
        let server = try await TLSServer(certificates.issue("server", alternatives: "IP:127.0.0.1"))
        try await withTransfer { transfer in
            for tls in [nil, HTTPTLS(caFile: others.authority.certificate)] {
                let error = await failure(transfer, request(server, tls, connectOnly: connectOnly))
                #expect(error?.kind == .tls)
            }
            let unchecked = try await transfer.perform(request(server, HTTPTLS(verifies: false)))
            #expect(unchecked.status == 200)
        }
    }

    @Test func `a server is checked for the name it is asked by`() async throws {
        let certificates = try await Certificates()
        let authority = certificates.authority.certificate
        let server = try await TLSServer(certificates.issue("server", alternatives: "DNS:model.test"))
        try await withTransfer { transfer in
            let error = await failure(transfer, request(server, HTTPTLS(caFile: authority)))
            #expect(error?.kind == .tls)
            let named = HTTPTLS(caFile: authority, serverName: "model.test")
            let response = try await transfer.perform(request(server, named))
            #expect(text(response) == "TLSv1.3 model.test -")
            let other = await failure(transfer, request(server, HTTPTLS(caFile: authority, serverName: "other.test")))
            #expect(other?.kind == .tls)
        }
    }

    @Test func `changed files are used for the next connection`() async throws {
        let (certificates, others) = (try await Certificates(), try await Certificates())
        let authority = certificates.authority.certificate
        let server = try await TLSServer(
            certificates.issue("server", alternatives: "IP:127.0.0.1"), clients: authority)
        let client = try await certificates.issue("alice", as: "client")
        let directory = try TemporaryDirectory()
        let believed = directory.file("believed.pem")
        try await copy(authority, to: believed)
        let tls = HTTPTLS(caFile: believed, certFile: client.certificate, keyFile: client.key)
        try await withTransfer { transfer in
            let first = try await transfer.perform(request(server, tls))
            #expect(text(first) == "TLSv1.3 - alice")
            _ = try await certificates.issue("bob", as: "client")
            let second = try await transfer.perform(request(server, tls))
            #expect(text(second) == "TLSv1.3 - bob")
            try await copy(others.authority.certificate, to: believed)
            #expect(await failure(transfer, request(server, tls))?.kind == .tls)
            try await copy(authority, to: believed)
            let last = try await transfer.perform(request(server, tls))
            #expect(text(last) == "TLSv1.3 - bob")
        }
    }

    @Test func `a file that is not there is an error of TLS`() async throws {
        let certificates = try await Certificates()
        let server = try await TLSServer(certificates.issue("server", alternatives: "IP:127.0.0.1"))
        let authority = certificates.authority.certificate
        try await withTransfer { transfer in
            for tls in [
                HTTPTLS(caFile: "/nowhere/ca.pem"), HTTPTLS(caFile: authority, certFile: "/nowhere/c.pem"),
                HTTPTLS(caFile: authority, certFile: authority, keyFile: "/nowhere/c.key"),
            ] {
                #expect(await failure(transfer, request(server, tls))?.kind == .tls)
            }
        }
    }

    @Test func `a server without TLS does not answer`() async throws {
        let server = try ScriptedHTTPServer { connection in try connection.send("HTTP/1.1 400 Bad Request\r\n\r\n") }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let request = HTTPRequest(url: "https://\(server.host)/", timeout: .seconds(30), connectOnly: true)
                #expect(await failure(transfer, request)?.kind == .tls)
            }
        }
    }

    @Test func `a handshake that does not go on is given up after the time to connect`() async throws {
        let server = try ScriptedHTTPServer { connection in _ = try connection.peer.receiveToEndBlocking() }
        try await withHTTPServer(server) { server in
            try await withTransfer { transfer in
                let request = HTTPRequest(
                    url: "https://\(server.host)/", timeout: .seconds(60), connectTimeout: .milliseconds(200),
                    connectOnly: true)
                let error = await failure(transfer, request)
                #expect(error == HTTPTransferError(.timeout, "no connection to \(server.host) within 200ms"))
            }
        }
    }

    @Test func `nothing is left of connections that were all that was wanted`() async throws {
        let certificates = try await Certificates()
        let authority = certificates.authority.certificate
        let server = try await TLSServer(certificates.issue("server", alternatives: "IP:127.0.0.1"))
        try await withTransfer { transfer in
            let request = request(server, HTTPTLS(caFile: authority), connectOnly: true)
            _ = try await transfer.perform(request)
            let before = try ProcessUsage.own().descriptors
            for _ in 0..<10 { _ = try await transfer.perform(request) }
            let isBack = try await descriptorsAreBack(to: before)
            #expect(isBack)
        }
    }

    private func copy(_ from: String, to path: String) async throws {
        let status = try await RunningProgram(["cp", from, path]).wait()
        #expect(status == .exited(0))
    }
}
