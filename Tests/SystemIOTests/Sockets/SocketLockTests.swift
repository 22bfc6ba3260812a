// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking)) struct SocketLockTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("socket")
    }

    @Test func `a path at which nothing exists can be served on`() throws {
        let lock = try SocketLock.acquire(socketPath: path)
        #expect(lock.socketPath == path)
        #expect(try File.kind(of: path) == .absent)
        #expect(try File.mode(of: path + ".lock") == 0o600)
    }

    @Test func `the socket of a dead daemon is removed`() throws {
        try leaveStaleSocket()
        let lock = try SocketLock.acquire(socketPath: path)
        #expect(try File.kind(of: path) == .absent)
        _ = consume lock
    }

    @Test func `a second daemon is refused and touches nothing`() throws {
        let lock = try SocketLock.acquire(socketPath: path)
        try leaveStaleSocket()
        #expect(throws: SocketLockError.held(path: path)) { try acquireAndRelease() }
        #expect(try File.kind(of: path) == .socket)
        _ = consume lock
    }

    @Test func `a process that answers without the lock is left alone`() throws {
        let listener = try UnixSocket.listen(path: path)
        #expect(throws: SocketLockError.inUse(path: path)) { try acquireAndRelease() }
        _ = try RawPeer(path: path)
        _ = consume listener
    }

    @Test func `something that is not a socket is left alone`() throws {
        try directory.write("precious", to: "socket")
        #expect(throws: SocketLockError.notASocket(path: path)) { try acquireAndRelease() }
        #expect(try File.read(path: path, limit: 100) == Array("precious".utf8))
    }

    @Test func `the lock is free when its holder lets go`() throws {
        try acquireAndRelease()
        try acquireAndRelease()
    }

    @Test func `the holder removes its socket`() throws {
        let lock = try SocketLock.acquire(socketPath: path)
        try leaveStaleSocket()
        let socket = try #require(try FileIdentity.of(path: path))
        try lock.removeSocket(socket)
        #expect(try File.kind(of: path) == .absent)
        try lock.removeSocket(socket)
    }

    @Test func `a socket that took the place of the holder's is left alone`() throws {
        let lock = try SocketLock.acquire(socketPath: path)
        let former = try UnixSocket.listen(path: path)
        let socket = try #require(try FileIdentity.of(path: path))
        try File.remove(path)
        let other = try UnixSocket.listen(path: path)
        try lock.removeSocket(socket)
        _ = try RawPeer(path: path)
        _ = consume former
        _ = consume other
    }

    @Test func `without its lock file the holder removes nothing`() throws {
        let lock = try SocketLock.acquire(socketPath: path)
        try leaveStaleSocket()
        let socket = try #require(try FileIdentity.of(path: path))
        #expect(try lock.isInPlace())
        try File.remove(path + ".lock")
        #expect(try !lock.isInPlace())
        try lock.removeSocket(socket)
        #expect(try File.kind(of: path) == .socket)
    }

    @Test func `a directory that is missing is an error that names the file`() {
        let below = directory.file("absent/socket")
        let error = #expect(throws: SocketLockError.self) { _ = try SocketLock.acquire(socketPath: below) }
        let missing = directory.file("absent")
        #expect(error?.description == "cannot open directory \(missing): No such file or directory")
    }

    @Test func `a lock file that is a link is not followed`() throws {
        let target = directory.file("target")
        try TestProcess.link(target, at: path + ".lock")
        #expect(throws: SocketLockError.self) { try acquireAndRelease() }
        #expect(try File.kind(of: target) == .absent)
    }

    @Test(.enabled(if: ProcessInformation.uid == 0))
    func `a lock file of another user is named as that`() throws {
        try directory.write("", to: "socket.lock")
        try #require(TestProcess.give(path + ".lock", to: 4321))
        let error = #expect(throws: SocketLockError.self) { try acquireAndRelease() }
        #expect(error?.description.contains("\(path).lock") == true)
        #expect(error?.description.contains("of uid 4321 with mode 0600") == true)
        #expect(error?.description.contains("another daemon") == false)
    }

    @Test func `a lock in a directory that others write to is refused`() throws {
        TestProcess.setMode(directory.path, 0o777)
        let error = #expect(throws: SocketLockError.self) { try acquireAndRelease() }
        let words = "\(directory.path): uid \(ProcessInformation.uid) owns it and its mode is 0777"
        #expect(error?.description.contains(words) == true)
        TestProcess.setMode(directory.path, 0o1777)
        try acquireAndRelease()
    }

    @Test func `the errors say what to do`() {
        #expect(
            SocketLockError.held(path: "/x").description
                == "cannot serve on /x: another daemon holds /x.lock; stop it, or choose another path")
        #expect(SocketLockError.inUse(path: "/x").description.contains("another process answers there"))
        #expect(SocketLockError.notASocket(path: "/x").description.contains("it is not a socket"))
    }

    private func leaveStaleSocket() throws {
        _ = try UnixSocket.listen(path: path)
    }

    private func acquireAndRelease() throws {
        _ = try SocketLock.acquire(socketPath: path)
    }
}
