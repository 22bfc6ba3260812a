// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite struct SocketDirectoryTests {
    @Test func `a missing directory is made for its owner alone`() throws {
        let directory = try TemporaryDirectory()
        try SocketDirectory.create(for: directory.file("below/socket"))
        #expect(try File.kind(of: directory.file("below")) == .directory)
        #expect(try File.mode(of: directory.file("below")) == 0o700)
    }

    @Test func `a directory that exists stays as it is`() throws {
        let directory = try TemporaryDirectory()
        try SocketDirectory.create(for: directory.file("below/socket"), mode: 0o750)
        try SocketDirectory.create(for: directory.file("below/socket"))
        #expect(try File.mode(of: directory.file("below")) == 0o750)
    }

    @Test func `missing parents are not made`() throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: SystemError.self) {
            try SocketDirectory.create(for: directory.file("one/two/socket"))
        }
        #expect(
            error?.description
                == "cannot create directory \(directory.file("one/two")): No such file or directory")
    }

    @Test(arguments: [("/run/x.sock", "/run"), ("/x.sock", "/"), ("a/b/c", "a/b"), ("x.sock", nil)])
    func `the parent is all before the last slash`(path: String, parent: String?) {
        #expect(SocketDirectory.parent(of: path) == parent)
    }
}
