// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
internal import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct ProcessWatchTests {
    @Test func `a killed process is told of`() async throws {
        try await withEventLoop { loop in
            let child = try ChildProcess.spawn(["sleep", "1000"], newSession: false)
            let (pid, ended) = (child.pid, AsyncSignal<Bool>())
            try await loop.run { () throws(SystemError) in
                _ = try ProcessWatch(pid: pid, loop: loop) { ended.send(loop.isCurrent) }
            }
            await loop.run {}
            #expect(ended.value == nil)
            try child.signal(.kill)
            #expect(await ended.wait())
            _ = try child.wait()
        }
    }

    @Test func `a process that has ended but is not reaped is told of`() async throws {
        try await withEventLoop { loop in
            let child = try ChildProcess.spawn(["true"], newSession: false)
            let (pid, first, second) = (child.pid, AsyncSignal<Void>(), AsyncSignal<Void>())
            try await loop.run { () throws(SystemError) in
                _ = try ProcessWatch(pid: pid, loop: loop) { first.send() }
            }
            await first.wait()
            try await loop.run { () throws(SystemError) in
                _ = try ProcessWatch(pid: pid, loop: loop) { second.send() }
            }
            await second.wait()
            _ = try child.wait()
        }
    }

    @Test func `a process that is gone is told of after the call`() async throws {
        let pid = try await onThread {
            let child = try ChildProcess.spawn(["true"], newSession: false)
            _ = try child.wait()
            return child.pid
        }
        try await withEventLoop { loop in
            let order = Recorder<String>()
            try await loop.run { () throws(SystemError) in
                _ = try ProcessWatch(pid: pid, loop: loop) { order.append("exit") }
                order.append("made")
            }
            #expect(await order.wait(for: 2) == ["made", "exit"])
        }
    }

    @Test func `a cancelled watch tells nothing`() async throws {
        try await withEventLoop { loop in
            let child = try ChildProcess.spawn(["sleep", "1000"], newSession: false)
            let pid = child.pid
            let order = Recorder<Int>()
            try await loop.run { () throws(SystemError) in
                let first = try ProcessWatch(pid: pid, loop: loop) { order.append(1) }
                _ = try ProcessWatch(pid: pid, loop: loop) { order.append(2) }
                first.cancel()
                first.cancel()
            }
            try child.signal(.kill)
            #expect(await order.wait(for: 1) == [2])
            await loop.run {}
            #expect(order.elements == [2])
            _ = try child.wait()
        }
    }

    @Test func `a number that no process can have is an error`() async throws {
        try await withEventLoop { loop in
            await #expect(throws: SystemError.self) {
                try await loop.run { () throws(SystemError) in
                    _ = try ProcessWatch(pid: -1, loop: loop) {}
                }
            }
        }
    }

    @Test func `the process at the other end of a socket is told of`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("socket")
        let listener = try UnixSocket.listen(path: path)
        try await withEventLoop { loop in
            // A process that connects and stays: this one, whose end no test sees.
            let peer = try RawPeer(path: path)
            guard case .accepted(let accepted) = try UnixSocket.accept(listener) else {
                Issue.record("no connection waits")
                return
            }
            let bound = LoopBound(sending: SocketBox(accepted), on: loop)
            let seen = AsyncSignal<Void>()
            try await loop.run { () throws(SystemError) in
                try bound.withValue { (box) throws(SystemError) in
                    let watch = try ProcessWatch(peerOf: box.socket, loop: loop) { seen.send() }
                    watch.cancel()
                    #expect(try UnixSocket.peerCredentials(box.socket).pid == ProcessInformation.pid)
                }
            }
            #expect(seen.value == nil)
            _ = peer
        }
    }

    private final class SocketBox {
        let socket: FileDescriptor

        init(_ socket: consuming FileDescriptor) {
            self.socket = socket
        }
    }
}
