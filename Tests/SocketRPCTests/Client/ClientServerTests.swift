// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking)) struct ClientServerTests {
    @Test(arguments: ["Inline", "Later", "Async"])
    func `a unary call is answered`(method: String) async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let request = TTRPCKeyValue(key: "a", value: "b")
                let answer = try await client.unary(Echo.method(method), request, options: CallOptions())
                #expect(answer == request)
            }
        }
    }

    @Test func `a call on the client's loop is answered`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let task = Task(executorPreference: client.loop) {
                    try await client.unary(Echo.method("Async"), TTRPCKeyValue(key: "a"), options: CallOptions())
                }
                let answer = try await task.value
                #expect(answer.key == "a")
            }
        }
    }

    @Test func `a client on a loop that it does not own works`() async throws {
        try await withServer { server in
            try await withEventLoop { loop in
                let client = try RPCClient(path: server.path, loop: loop)
                let answer = try await client.unary(
                    Echo.method("Inline"), TTRPCKeyValue(key: "a"), options: CallOptions())
                await client.close()
                #expect(answer.key == "a")
                let isRunning = await loop.run { true }
                #expect(isRunning)
            }
        }
    }

    @Test func `many calls at once all get their own answer`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                    for task in 0..<64 {
                        group.addTask {
                            var matches = 0
                            for call in 0..<50 {
                                let request = TTRPCKeyValue(key: "\(task)/\(call)")
                                let method = Echo.method(call.isMultiple(of: 2) ? "Async" : "Inline")
                                let answer = try await client.unary(method, request, options: CallOptions())
                                if answer == request { matches += 1 }
                            }
                            return matches
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(sum == 64 * 50)
            }
        }
    }

    @Test func `metadata and the deadline reach the handler`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let options = CallOptions(timeout: .seconds(60), metadata: ["Color": "red", "size": "9"])
                let answer = try await client.unary(Echo.method("Describe"), TTRPCKeyValue(), options: options)
                #expect(answer.key == "test.Echo/Describe true")
                #expect(answer.value == "color=red,size=9")
            }
        }
    }

    @Test func `the error of a handler arrives with its details`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let status = try await statusOf {
                    _ = try await client.unary(Echo.method("Fail"), TTRPCKeyValue(), options: CallOptions())
                }
                #expect(
                    status
                        == RPCStatus(
                            .failedPrecondition, "no", details: [GoogleAny(typeURL: "type/x", value: [1, 2, 3])]))
            }
        }
    }

    @Test func `a server stream arrives in order and ends`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let keys = try await client.withStream(
                    Echo.method("Repeat", .serverStreaming), options: CallOptions()
                ) { stream in
                    try await stream.send(TTRPCKeyValue(key: "k", value: "1000"))
                    try await stream.finishSending()
                    var keys: [String] = []
                    while let message = try await stream.next() { keys.append(message.key) }
                    return keys
                }
                #expect(keys == (0..<1000).map { "k\($0)" })
            }
        }
    }

    @Test func `a server stream that fails gives its messages first`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let received = Recorder<String>()
                let status = try await statusOf {
                    try await client.withStream(
                        Echo.method("Repeat", .serverStreaming), options: CallOptions()
                    ) { stream in
                        try await stream.send(TTRPCKeyValue(key: "fail", value: "3"))
                        while let message = try await stream.next() { received.append(message.key) }
                    }
                }
                #expect(status?.code == .dataLoss)
                #expect(received.elements == ["fail0", "fail1", "fail2"])
            }
        }
    }

    @Test func `a client stream gets one answer`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let answer = try await client.withStream(
                    Echo.method("Collect", .clientStreaming), options: CallOptions()
                ) { stream in
                    for key in ["a", "b", "c"] { try await stream.send(TTRPCKeyValue(key: key)) }
                    try await stream.finishSending()
                    let answer = try await stream.next()
                    let end = try await stream.next()
                    #expect(end == nil)
                    return answer
                }
                #expect(answer?.key == "a,b,c")
            }
        }
    }

    @Test(arguments: ["Chat", "Away", "Each"])
    func `a bidirectional stream goes both ways`(method: String) async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let keys = try await client.withStream(
                    Echo.method(method, .bidirectionalStreaming), options: CallOptions()
                ) { stream in
                    var keys: [String] = []
                    for index in 0..<20 {
                        try await stream.send(TTRPCKeyValue(key: "\(index)"))
                        keys.append(try await stream.next()?.key ?? "")
                    }
                    try await stream.finishSending()
                    let end = try await stream.next()
                    #expect(end == nil)
                    return keys
                }
                #expect(keys == (0..<20).map { "\($0)" })
            }
        }
    }

    @Test func `cancelling a call cancels its handler`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let task = Task {
                    try await statusOf {
                        _ = try await client.unary(
                            Echo.method("Hold"), TTRPCKeyValue(key: "a"), options: CallOptions())
                    }
                }
                _ = await server.echo.events.wait(for: 1)
                task.cancel()
                let status = try await task.value
                #expect(status?.code == .cancelled)
                let events = await server.echo.events.wait(for: 2)
                #expect(events == [.started("a"), .ended("a", .cancelled)])
            }
        }
    }

    @Test func `the deadline reaches the handler`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let status = try await statusOf {
                    _ = try await client.unary(
                        Echo.method("Hold"), TTRPCKeyValue(key: "a"), options: CallOptions(timeout: .milliseconds(100)))
                }
                #expect(status?.code == .deadlineExceeded)
            }
        }
    }

    @Test func `leaving a server stream cancels its handler`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                try await client.withStream(Echo.flood, options: CallOptions()) { stream in
                    try await stream.send(TTRPCKeyValue(key: "f", value: "1000"))
                    for _ in 0..<2000 { _ = try await stream.next() }
                }
                let events = await server.echo.events.wait(for: 2)
                #expect(events == [.started("f"), .ended("f", .cancelled)])
            }
        }
    }

    @Test func `leaving a stream of both ways ends it for its handler`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                try await client.withStream(
                    Echo.method("Listen", .bidirectionalStreaming), options: CallOptions()
                ) { stream in
                    try await stream.send(TTRPCKeyValue(key: "1"))
                }
                let events = await server.echo.events.wait(for: 3)
                #expect(events == [.started("listen"), .received("1"), .ended("listen", nil)])
            }
        }
    }

    @Test func `closing the client cancels its handlers`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                async let status = statusOf {
                    _ = try await client.unary(Echo.method("Hold"), TTRPCKeyValue(key: "a"), options: CallOptions())
                }
                _ = await server.echo.events.wait(for: 1)
                await client.close()
                let outcome = try await status
                #expect(outcome?.reason == "CLIENT_CLOSED")
                let events = await server.echo.events.wait(for: 2)
                #expect(events == [.started("a"), .ended("a", .cancelled)])
            }
        }
    }

    @Test func `a server that shuts down answers what is open`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                async let status = statusOf {
                    _ = try await client.unary(Echo.method("Hold"), TTRPCKeyValue(key: "a"), options: CallOptions())
                }
                _ = await server.echo.events.wait(for: 1)
                server.server.shutdownNow()
                let outcome = try await status
                #expect(outcome?.code == .unavailable)
            }
        }
    }

    @Test func `a large message goes both ways`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let request = TTRPCKeyValue(key: String(repeating: "k", count: 3 << 20))
                let answer = try await client.unary(Echo.method("Async"), request, options: CallOptions())
                #expect(answer == request)
                let big = try await client.unary(Echo.big, TTRPCKeyValue(key: "4000000"), options: CallOptions())
                #expect(big.value.count == 4_000_000)
            }
        }
    }

    @Test func `many streams at once all get their own messages`() async throws {
        try await withServer { server in
            try await withRPCClient(server.path) { client in
                let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                    for task in 0..<32 {
                        group.addTask {
                            try await client.withStream(
                                Echo.method("Away", .bidirectionalStreaming), options: CallOptions()
                            ) { stream in
                                var matches = 0
                                for index in 0..<50 {
                                    let request = TTRPCKeyValue(key: "\(task)/\(index)")
                                    try await stream.send(request)
                                    if try await stream.next() == request { matches += 1 }
                                }
                                return matches
                            }
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(sum == 32 * 50)
            }
        }
    }
}
