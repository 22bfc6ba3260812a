// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import TestSupport

/// A separate process that speaks ttrpc by hand: a few lines of Python on a socket.
enum RawBytesPeer {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private static let frames = """
        import os, signal, socket, struct, sys
        def field(number, data):
            return bytes([number << 3 | 2, len(data)]) + data
        def frame(stream, kind, flags, data):
            return struct.pack(">IIBB", len(data), stream, kind, flags) + data
        def request(service, method, payload=b""):
            return field(1, b"backends.v1." + service) + field(2, method) + (field(3, payload) if payload else b"")
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(sys.argv[1])
        name = sys.argv[2].encode()

        """

    /// Asks for the start lock, and keeps the call open whatever the answer is.
    private static let holding = """
        message = field(1, name)
        if sys.argv[3] != "0":
            message += field(2, b"\\x08" + bytes([int(sys.argv[3])]))
        request = request(b"LifecycleService", b"HoldStartLock")
        connection.sendall(frame(1, 1, 2, request) + frame(1, 3, 0, message))
        while True:
            data = connection.recv(65536)
            if data and sys.argv[4] == "fork" and os.fork() == 0:
                signal.pause()
            print("got" if data and data[8] == 3 else "ended", flush=True)
            if not data:
                break
        """

    /// Starts the backend, sends it a context and stops it, repeatedly. A context must always succeed.
    private static let loading = """
        start = request(b"LifecycleService", b"StartBackend", field(1, name))
        stop = request(b"LifecycleService", b"StopBackend", field(1, name))
        http = field(1, b"POST") + field(3, field(1, b"x-tenant") + field(2, b"research"))
        context = request(b"RuntimeContextService", b"HandleRuntimeContext", field(2, field(2, http)))
        answers = connection.makefile("rb")
        stream = 1
        for _ in range(int(sys.argv[3]) // 3):
            for call in (start, context, stop):
                connection.sendall(frame(stream, 1, 0, call))
                length, answered, kind, _ = struct.unpack(">IIBB", answers.read(10))
                answer = answers.read(length)
                if answered != stream or kind != 2 or (call is context and answer[:1] != b"\\x12"):
                    sys.exit(f"stream {stream}: {answered} {kind} {answer}")
                stream += 2
        """

    /// A process that holds the start lock. One that forks has a child that keeps its connection.
    static func holdingLock(
        of backend: String, at path: String, forks: Bool = false
    ) async throws -> RunningProgram {
        let peer = try RunningProgram(["python3", "-c", frames + holding, path, backend, "120", forks ? "fork" : "-"])
        guard await peer.output.line(where: { $0 == "got" || $0 == "ended" }) == "got" else {
            throw Failed(description: (peer.output.lines + peer.errors.lines).joined(separator: "\n"))
        }
        return peer
    }

    /// A process that waits two minutes for the start lock.
    static func waitingForLock(of backend: String, at path: String) throws -> RunningProgram {
        try RunningProgram(["python3", "-c", frames + holding, path, backend, "120", "-"])
    }

    /// A process that makes `calls` calls and ends.
    static func loading(backend: String, at path: String, calls: Int) throws -> RunningProgram {
        try RunningProgram(["python3", "-c", frames + loading, path, backend, String(calls)])
    }
}
