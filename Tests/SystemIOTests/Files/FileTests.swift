// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite struct FileTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test(arguments: ["", "hello", String(repeating: "x", count: 200_000)])
    func `a file is read whole`(text: String) throws {
        let path = try directory.write(text, to: "file")
        #expect(try File.read(path: path, limit: 200_000) == Array(text.utf8))
    }

    @Test func `a file over the limit is refused`() throws {
        let path = try directory.write("12345", to: "file")
        #expect(try File.read(path: path, limit: 5).count == 5)
        let error = #expect(throws: SystemError.self) { try File.read(path: path, limit: 4) }
        #expect(error?.description == "cannot read \(path), more than 4 bytes: File too large")
    }

    @Test func `a file that is not there is an error that names it`() {
        let path = directory.file("absent")
        let error = #expect(throws: SystemError.self) { try File.read(path: path, limit: 4) }
        #expect(error?.description == "cannot open \(path): No such file or directory")
        #expect(error?.isNotFound == true)
    }

    @Test func `a directory is not a file`() {
        #expect(throws: SystemError.self) { try File.read(path: directory.path, limit: 4) }
    }

    @Test func `kinds are told apart`() throws {
        #expect(try File.kind(of: directory.path) == .directory)
        #expect(try File.kind(of: directory.file("absent")) == .absent)
        #expect(try File.kind(of: directory.write("", to: "file")) == .regular)
        #expect(try File.kind(of: "/dev/null") == .other)
        let socket = directory.file("socket")
        let listener = try UnixSocket.listen(path: socket)
        #expect(try File.kind(of: socket) == .socket)
        _ = consume listener
    }

    @Test func `a path through a file is an error`() throws {
        let path = try directory.write("", to: "file")
        #expect(throws: SystemError.self) { try File.kind(of: path + "/below") }
    }

    @Test func `mode and owner are told`() throws {
        let path = try directory.write("", to: "file")
        #expect(try File.mode(of: path) == 0o600)
        #expect(try File.owner(of: path) == ProcessInformation.uid)
    }

    @Test func `removing twice is fine`() throws {
        let path = try directory.write("", to: "file")
        try File.remove(path)
        #expect(try File.kind(of: path) == .absent)
        try File.remove(path)
    }

    @Test func `a temporary directory is removed with what is in it`() throws {
        let path: String
        do {
            let other = try TemporaryDirectory()
            path = other.path
            try other.write("x", to: "file")
            try SocketDirectory.create(for: other.file("below/socket"))
            try other.write("x", to: "below/file")
        }
        #expect(try File.kind(of: path) == .absent)
    }
}
