// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing
internal import TextKeys

@Suite struct EnvironmentTests {
    @Test func `a variable is the same alone and among all`() throws {
        let path = try #require(Environment.get("PATH"))
        #expect(Environment.all["PATH"] == path)
        #expect(Environment.get("BACKENDD_NO_SUCH_VARIABLE") == nil)
    }

    @Test func `an unset variable is gone`() async {
        await #expect(processExitsWith: .success) {
            Environment.unset("PATH")
            precondition(Environment.get("PATH") == nil)
        }
    }

    @Test func `the process knows itself`() throws {
        #expect(try File.kind(of: "/proc/\(ProcessInformation.pid)") == .directory)
        #expect(try File.owner(of: "/proc/self") == ProcessInformation.uid)
        let (_, number) = try RawPeer.pair()
        #expect(!ProcessInformation.isTerminal(FileDescriptor(adopting: number).rawValue))
    }

    @Test func `the limit of descriptors is as high as it may be`() throws {
        let limit = try ProcessInformation.raiseDescriptorLimit()
        #expect(limit >= 256)
        #expect(try ProcessInformation.raiseDescriptorLimit() == limit)
    }

    @Test func `random bytes differ`() throws {
        let first = try RandomBytes.make(32)
        #expect(first.count == 32)
        #expect(try RandomBytes.make(32) != first)
        #expect(try RandomBytes.make(0).isEmpty)
    }
}
