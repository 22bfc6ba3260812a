// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import TestSupport
import Testing

@Suite("ListeningPlace", .tags(.blocking)) struct ListeningPlaceTests {
    @Test(arguments: [
        ("127.0.0.1:80", ListeningPlace.port(80)), ("localhost:8000", .tcp(8000, [.loopback, .loopback6])),
        ("[::1]:7", .port(7, at: .loopback6)), ("[::]:7", .port(7, at: .loopback6)),
        ("a.localhost:7", .tcp(7, [.loopback, .loopback6])), ("ip6-localhost:7", .port(7, at: .loopback6)),
        ("0.0.0.0:9", .port(9)), ("http://127.0.0.1:8000/v1", nil), ("unix:/a/b", .socket("/a/b")),
        ("unix:///a/b", .socket("/a/b")), ("203.0.113.1:80", nil), ("example.com:80", nil),
        ("[0:0::1]:7", .port(7, at: .loopback6)), ("[::ffff:127.0.0.1]:7", .port(7)),
        ("LOCALHOST:7", .tcp(7, [.loopback, .loopback6])),
        ("127.0.0.2:7", .port(7, at: IPAddress(version4: 0x7F00_0002))),
        ("\(ProcessInformation.hostName):7", .tcp(7, [])), ("127.0.0.1", nil), ("", nil), ("localhost.example:7", nil),
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

    /// Listens at addresses, each of another socket, until it is killed.
    private static let listening = """
        import socket, sys, time
        held = []
        port = int(sys.argv[1])
        for host in sys.argv[2:]:
            s = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET)
            if host == '::only':
                s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                host = '::'
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            s.bind((host, port))
            s.listen()
            held.append(s)
        print('up', flush=True)
        time.sleep(1000)
        """

    /// Where the instance listens, where another process does, and whose connections to an address are.
    @Test(arguments: [
        (["127.0.0.1"], ["127.0.0.2"], "127.0.0.1", ListeningPlace.Owner.own),
        (["127.0.0.1"], ["127.0.0.2"], "127.0.0.2", .other),
        (["127.0.0.1"], ["::1"], "127.0.0.1", .own),
        (["127.0.0.1"], ["::1"], "[::1]", .other),
        (["127.0.0.1"], ["::1"], "localhost", .other),
        (["127.0.0.1", "::1"], [], "localhost", .own),
        (["127.0.0.1"], [], "localhost", .own),
        (["0.0.0.0"], ["::only"], "127.0.0.1", .own),
        (["0.0.0.0"], ["::only"], "127.0.0.9", .own),
        (["::"], [], "127.0.0.1", .own),
        (["::"], [], "[::1]", .own),
        (["::1"], [], "127.0.0.1", .unknown),
        (["127.0.0.1"], ["127.0.0.1"], "127.0.0.1", .other),
        (["::"], ["::1"], "127.0.0.1", .own),
        (["::"], ["::1"], "[::1]", .other),
    ])
    func `the process that answers at an address is named`(
        own: [String], other: [String], host: String, owner: ListeningPlace.Owner
    ) async throws {
        let lease = try PortAllocator().take(from: 20_000...40_000)
        let port = lease.port
        lease.letGo()
        var programs: [RunningProgram] = []
        for hosts in [own, other] {
            let program = try RunningProgram(["python3", "-c", Self.listening, "\(port)"] + hosts)
            _ = await program.output.line { $0 == "up" }
            programs.append(program)
        }
        let place = try #require(ListeningPlace(address: "\(host):\(port)"))
        #expect(place.owner(among: [programs[0].pid]) == owner)
        #expect(place.isTaken == (owner != .unknown))
        for program in programs {
            try program.signal(.kill)
            _ = try await program.wait()
        }
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1:", true), ("127.0.0.1", "localhost:", true), ("127.0.0.1", "a.localhost:", true),
        ("127.0.0.1", "[::ffff:127.0.0.1]:", true), ("127.0.0.1", "127.0.0.2:", false),
        ("127.0.0.2", "127.0.0.2:", true), ("127.0.0.2", "127.0.0.1:", false), ("127.0.0.2", "localhost:", false),
        ("0.0.0.0", "127.0.0.1:", true), ("0.0.0.0", "localhost:", true), ("0.0.0.0", "127.0.0.2:", true),
    ])
    func `a listener counts if the address reaches it`(
        listening: String, address: String, isReached: Bool
    ) async throws {
        let script =
            "import socket,sys,time\ns=socket.socket()\ns.bind((sys.argv[1],0))\ns.listen()\n"
            + "print(s.getsockname()[1],flush=True)\ntime.sleep(1000)\n"
        let program = try RunningProgram(["python3", "-c", script, listening])
        let port = try #require(await program.output.line { !$0.isEmpty })
        let place = try #require(ListeningPlace(address: address + port))
        #expect((place.owner(among: [program.pid]) == .own) == isReached)
        try program.signal(.kill)
        _ = try await program.wait()
    }

    @Test(arguments: ["/s", "//s", "/../DIRECTORY/s", "/link/s", "/other"])
    func `a socket is found by every path that leads to it`(end: String) throws {
        let directory = try TemporaryDirectory()
        let listener = try UnixSocket.listen(path: directory.file("s"), mode: 0o600)
        try TestProcess.link(directory.path, at: directory.file("link"))
        try TestProcess.link(directory.file("s"), at: directory.file("other"))
        let name = directory.path.split(separator: "/").last.map { String($0) } ?? ""
        let place = ListeningPlace.socket(directory.path + end.replacing("DIRECTORY", with: name))
        #expect(place.isTaken == true)
        #expect(place.owner(among: [ProcessInformation.pid]) == .own)
        #expect(place.owner(among: []) == .other)
        _ = consume listener
    }

    @Test func `a socket that was bound by a relative path has the owner that the connection tells`() async throws {
        let directory = try TemporaryDirectory()
        let script =
            "import socket,sys,os,time\nos.chdir(sys.argv[1])\ns=socket.socket(socket.AF_UNIX)\ns.bind('s')\n"
            + "s.listen()\nprint('up',flush=True)\ntime.sleep(1000)\n"
        let stranger = try RunningProgram(["python3", "-c", script, directory.path])
        _ = await stranger.output.line { $0 == "up" }
        let place = ListeningPlace.socket(directory.file("s"))
        #expect(place.isTaken == true)
        #expect(place.owner(among: [stranger.pid]) == .own)
        #expect(place.owner(among: [ProcessInformation.pid]) == .other)
        try stranger.signal(.kill)
        _ = try await stranger.wait()
    }
}
