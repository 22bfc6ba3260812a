// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import TestSupport
import Testing

@Suite("ListeningPlace") struct ListeningPlaceTests {
    @Test(arguments: [
        ("127.0.0.1:80", ListeningPlace.port(80)), ("localhost:8000", .port(8000)), ("[::1]:7", .port(7)),
        ("0.0.0.0:9", .port(9)), ("http://127.0.0.1:8000/v1", .port(8000)), ("unix:/a/b", .socket("/a/b")),
        ("unix:///a/b", .socket("/a/b")), ("10.0.0.1:80", nil), ("example.com:80", nil), ("127.0.0.1", nil), ("", nil),
    ])
    func `an address of this host is a place, any other is not`(address: String, place: ListeningPlace?) {
        #expect(ListeningPlace(address: address) == place)
    }

    @Test func `the owner of a port is the process that listens`() async throws {
        let lease = try PortAllocator().take(from: 20_000...40_000)
        let place = ListeningPlace.port(lease.port)
        let stranger = try RunningProgram(["sleep", "1000"])
        let pid = ProcessInformation.pid
        #expect(place.isTaken == true)
        #expect(place.owner(among: [stranger.pid, pid]) == .own)
        #expect(place.owner(among: [stranger.pid]) == .other)
        #expect(place.owner(among: []) == .other)
        #expect(place.listener() == pid)
        lease.letGo()
        #expect(place.isTaken == false)
        #expect(place.owner(among: [pid]) == .unknown)
        try stranger.signal(.kill)
        _ = try await stranger.wait()
    }

    @Test func `the owner of a socket is the process that listens`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("s")
        let place = ListeningPlace.socket(path)
        #expect(place.isTaken == false)
        let listener = try UnixSocket.listen(path: path, mode: 0o600)
        #expect(place.owner(among: [ProcessInformation.pid]) == .own)
        #expect(place.owner(among: []) == .other)
        _ = consume listener
    }
}
