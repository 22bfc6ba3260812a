// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TestSupport
import Testing

/// A real runtime of caikit with a small module of ours, watched by its own gRPC health service. Needs `tools/test --real`.
@Suite(
    .tags(.blocking), .timeLimit(.minutes(10)),
    .enabled(if: Environment.get("BACKENDD_TEST_REAL") != nil, "needs tools/test --real"))
struct RealCaikitTests {
    @Test func `a runtime is ready once it serves, is healed, and is gone when stopped`() async throws {
        let runtime = try await CaikitRuntime()
        try await withBackendctl(configuration: runtime.configuration) { backendctl in
            let watch = try backendctl.start("watch", "-o", "json")
            _ = await watch.output.line { $0.contains("snapshot") }
            let start = try backendctl.start("start", "caikit")

            // It runs and reads its model; clients do not get its address yet.
            let opened = try runtime.awaitLoading()
            #expect(await opened.output.line { $0 == "open" } != nil)
            #expect(try await instance(backendctl)["state"] == "STARTING")
            let early = try await backendctl("resolve", CaikitRuntime.model, "--no-start", "--no-wait")
            #expect(early.status == 4)
            #expect(early.output == "")
            try await runtime.goOn("Hello")
            #expect(try await start.wait() == .exited(0))
            let first = try await greeting(runtime, backendctl)
            #expect(first.text == "Hello, Ada!")

            // It is killed.
            try await signal(first.pid, .kill)
            _ = await watch.output.line { $0.contains(#""BACKOFF""#) && $0.contains("KILLED") }
            try await runtime.giveModel("Good day")
            _ = await watch.output.line { $0.contains(#""new_state":"READY""#) && $0.contains(#""restarts":1"#) }
            let second = try await greeting(runtime, backendctl)
            #expect(second.text == "Good day, Ada!")
            #expect(second.pid != first.pid)

            // It hangs: there is a process and a port, and only its health service tells.
            try await signal(second.pid, .stop)
            _ = await watch.output.line { $0.contains(#""BACKOFF""#) && $0.contains("LIVENESS_FAILED") }
            try await runtime.giveModel("Welcome")
            _ = await watch.output.line { $0.contains(#""new_state":"READY""#) && $0.contains(#""restarts":2"#) }
            #expect(try await greeting(runtime, backendctl).text == "Welcome, Ada!")

            #expect(try await backendctl("stop", "caikit").status == 0)
            #expect(runtime.processes.isEmpty)
            let ended = try await backendctl("logs", "caikit", "-n", "20").output
            #expect(ended.contains("received interrupt signal 15"))
        }
    }

    @Test func `a probe of a service that the runtime's health does not know fails the start and says so`() async throws
    {
        let runtime = try await CaikitRuntime(probed: "caikit.runtime.Greeting.GreetingService")
        try await withBackendctl(configuration: runtime.configuration) { backendctl in
            let start = try backendctl.start("start", "caikit")
            try await runtime.giveModel("Hello")
            #expect(try await start.wait() != .exited(0))
            let said = await start.errors.all().joined(separator: "\n")
            #expect(said.contains("LOAD_TIMEOUT"))
            #expect(said.contains("the last result of its startup probe: the server does not know the service"))
            #expect(runtime.processes.isEmpty)
        }
    }

    private func greeting(_ runtime: CaikitRuntime, _ backendctl: Backendctl) async throws -> (pid: Int32, text: String)
    {
        let resolved = try await backendctl("resolve", CaikitRuntime.model)
        #expect(resolved.status == 0, "\(resolved.error)")
        let answer = try await runtime.greet("Ada", at: resolved.output.filter { $0 != "\n" })
        #expect(try await instance(backendctl)["pid"]?.integerValue == Int64(answer.pid))
        return answer
    }

    private func instance(_ backendctl: Backendctl) async throws -> ConfigValue {
        try await backendctl("get", "caikit", "-o", "json").json["instances"]?.listValue?.first ?? .null
    }

    private func signal(_ pid: Int32, _ signal: Signal) async throws {
        try ProcessTable.signal(try #require(ProcessTable.entry(of: pid)), signal)
    }
}
