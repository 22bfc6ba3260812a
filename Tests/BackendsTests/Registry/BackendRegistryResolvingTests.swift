// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import Testing

@Suite("BackendRegistry: resolving models", .timeLimit(.minutes(1)))
struct BackendRegistryResolvingTests {
    /// A house with started backends that load `m`.
    static func house(_ names: String...) async throws -> TestHouse {
        let house = try TestHouse()
        for name in names {
            try house.create(name).loads("m")
            _ = try await house.registry.start(name)
        }
        return house
    }

    static func resolve(_ house: TestHouse, _ request: ModelRequest) async throws(BackendError) -> ResolvedModel {
        switch try house.registry.resolve(request) {
        case .finished(let resolved): return resolved
        case .pending(let pending): return try await pending.resume()
        }
    }

    static func skips(_ resolved: ResolvedModel) -> [String] {
        resolved.skipped.map { "\($0.backend) \($0.error.reason.rawValue)" }
    }

    static let waiting = ModelRequest("m", waitsUntilReady: true, startsAutomatically: true)

    @Test func `the first backend in priority order that serves the model is the answer`() async throws {
        let house = try TestHouse()
        try house.create("other").loads("x")
        try house.create("stopped").loads("m")
        try house.create("a").loads("m")
        try house.create("late").loads("m")
        for name in ["other", "a", "late"] { _ = try await house.registry.start(name) }
        let resolved = try await Self.resolve(
            house, ModelRequest("m", waitsUntilReady: true, startsAutomatically: true))
        #expect(resolved.backend == "stopped")
        #expect(Self.skips(resolved) == ["other MODEL_NOT_SERVED"])
        #expect(resolved.endpoint.address == "stopped/m")
        #expect(try house.fake("late").calls.count == 1)
        await house.close()
    }

    @Test func `of many backends that are passed over the first are told, and each that serves the model`() async throws
    {
        let house = try TestHouse()
        for number in 0..<40 { try house.create("other\(number)").loads("x") }
        let broken = try house.create("broken")
        broken.loads("m")
        broken.onStart { () async throws(BackendError) in throw BackendError(.internal, .exited, "it broke") }
        for number in 40..<60 { try house.create("other\(number)").loads("x") }
        let unserved = await #expect(throws: BackendError.self) { try await Self.resolve(house, ModelRequest("y")) }
        #expect(unserved?.reason == .modelNotFound)
        #expect(unserved?.message.hasSuffix("other6, other7 and 53 others") == true)
        let stopped = await #expect(throws: BackendError.self) { try await Self.resolve(house, ModelRequest("x")) }
        #expect(stopped?.reason == .modelUnavailable)
        #expect(stopped?.message.hasSuffix("other7 BACKEND_NOT_STARTED and 52 others") == true)
        try house.create("a").loads("m")
        let resolved = try await Self.resolve(house, Self.waiting)
        #expect(resolved.backend == "a")
        #expect(Self.skips(resolved) == (0..<16).map { "other\($0) MODEL_NOT_SERVED" } + ["broken EXITED"])
        #expect(resolved.skippedOthers == 44)
        await house.close()
    }

    @Test func `a ready model is resolved without waiting`() async throws {
        let house = try await Self.house("a")
        _ = try await house.registry.loadModel("m")
        guard case .finished(let resolved) = try house.registry.resolve(ModelRequest("m")) else {
            Issue.record("it waits")
            return
        }
        #expect(resolved == ResolvedModel(backend: "a", endpoint: ModelEndpoint(address: "a/m"), skipped: []))
        await house.close()
    }

    @Test func `fifty callers of one cold model cause one load`() async throws {
        let house = try await Self.house("a")
        let gate = Gate()
        try house.fake("a").onLoad { _ in await gate.pass() }
        let calls = (0..<50).map { _ in
            calling { () async throws(BackendError) in try await Self.resolve(house, Self.waiting) }
        }
        await gate.reached()
        gate.open()
        for call in calls { #expect(await call.value.error == nil) }
        #expect(try house.fake("a").calls.filter { $0 == .load("m") }.count == 1)
        await house.close()
    }

    @Test func `without auto_start nothing is started and nothing loaded, and the reasons are told`() async throws {
        let house = try await Self.house("a")
        try house.create("b").loads("m")
        let error = await calling { () async throws(BackendError) in
            try await Self.resolve(house, ModelRequest("m", waitsUntilReady: true))
        }.value.error
        #expect(error?.reason == .modelUnavailable)
        #expect(error?.message.contains("a MODEL_NOT_LOADED, b BACKEND_NOT_STARTED") == true)
        let alone = await calling { () async throws(BackendError) in
            try await Self.resolve(house, ModelRequest("m", backends: ["b"]))
        }.value
        #expect(alone.reason == .backendNotStarted)
        #expect(try house.fake("b").calls == [])
        await house.close()
    }

    @Test func `without wait_ready the load begins and the caller is told to come again`() async throws {
        let house = try await Self.house("a")
        let gate = Gate()
        try house.fake("a").onLoad { _ in await gate.pass() }
        let request = ModelRequest("m", startsAutomatically: true)
        let error = await calling { () async throws(BackendError) in try await Self.resolve(house, request) }.value
            .error
        #expect(error?.reason == .modelNotReady)
        #expect(error?.retryAfter == .seconds(1))
        gate.open()
        #expect(try await Self.resolve(house, Self.waiting).endpoint.address == "a/m")
        #expect(try house.fake("a").calls.filter { $0 == .load("m") }.count == 1)
        await house.close()
    }

    @Test func `if a load fails, the next backend is taken`() async throws {
        let house = try await Self.house("a", "b")
        try house.fake("a").onLoad { _ throws(BackendError) in
            throw BackendError(.internal, .exited, "it exited with 1")
        }
        let resolved = try await Self.resolve(house, Self.waiting)
        #expect(resolved.backend == "b")
        #expect(Self.skips(resolved) == ["a EXITED"])
        await house.close()
    }

    @Test func `a model that no backend serves is not found`() async throws {
        let house = try await Self.house("a")
        for (model, reason) in [("x", BackendError.Reason.modelNotFound), ("../m", .modelIDInvalid)] {
            let result = await calling { () async throws(BackendError) in
                try await Self.resolve(house, ModelRequest(model, startsAutomatically: true))
            }.value
            #expect(result.reason == reason)
        }
        await house.close()
    }

    @Test(arguments: ["", "-m", "a\nb", String(repeating: "m", count: 257)])
    func `an id that cannot be one is refused`(id: String) async throws {
        let house = try TestHouse()
        #expect(throws: BackendError.self) { try house.registry.resolve(ModelRequest(id)) }
        let result = await calling { () async throws(BackendError) in try await house.registry.loadModel(id) }.value
        #expect(result.reason == .modelIDInvalid)
        await house.close()
    }

    @Test func `a backend that is not ready is waited for`() async throws {
        let house = try TestHouse()
        let fake = try house.create("a")
        fake.onOffer { _ in .unavailable(BackendError(.unavailable, .instanceNotReady, "it restarts")) }
        _ = try await house.registry.start("a")
        let impatient = await calling { () async throws(BackendError) in
            try await Self.resolve(house, ModelRequest("m"))
        }.value
        #expect(impatient.reason == .instanceNotReady)
        let call = calling { () async throws(BackendError) in
            try await Self.resolve(house, ModelRequest("m", waitsUntilReady: true))
        }
        fake.onOffer { _ in .endpoint(ModelEndpoint(address: "back"), ModelRules()) }
        fake.supervisors.last?.instanceChanged(
            InstanceChange(instance: "a", oldState: .backoff, newState: .ready, pid: 7))
        #expect(try await call.value.get().endpoint.address == "back")
        await house.close()
    }

    @Test func `a backend that was given up is not started by itself`() async throws {
        let house = try await Self.house("a")
        try house.fake("a").supervisors.last?.failed(BackendFailure(reason: "CRASH_LOOP", message: "it crashed"))
        let refused = await calling { () async throws(BackendError) in
            try await Self.resolve(house, Self.waiting)
        }.value
        #expect(refused.reason == .backendFailed)
        #expect(refused.error?.metadata["failure"] == "CRASH_LOOP")
        #expect(try house.registry.get("a").state == .failed)
        _ = try await house.registry.start("a")
        #expect(try await Self.resolve(house, Self.waiting).backend == "a")
        await house.close()
    }

    @Test func `a request goes where the context has sent it`() async throws {
        let house = try await Self.house("a", "b")
        let route = ModelEndpoint(address: "10.0.0.1:8033")
        let routes = RequestRoutes([ContextResult(backend: "b", outcome: .routed(route))])
        let outcome = try house.registry.resolve(ModelRequest("m", backends: ["b"]), redirects: routes)
        guard case .finished(let resolved) = outcome else { throw CancellationError() }
        #expect(resolved.endpoint == route)
        await house.close()
    }

    @Test func `a caller that gives up ends its wait, and the load goes on`() async throws {
        let house = try await Self.house("a")
        let gate = Gate()
        try house.fake("a").onLoad { _ in await gate.pass() }
        let call = calling { () async throws(BackendError) in try await Self.resolve(house, Self.waiting) }
        await gate.reached()
        call.cancel()
        #expect(await call.value.reason == .callerCancelled)
        gate.open()
        #expect(try await Self.resolve(house, Self.waiting).endpoint.address == "a/m")
        #expect(try house.fake("a").calls.filter { $0 == .load("m") }.count == 1)
        await house.close()
    }

    @Test func `an endpoint without an address is not an answer and hides no other backend`() async throws {
        let house = try await Self.house("a", "b")
        try house.fake("a").onOffer { _ in .endpoint(ModelEndpoint(address: ""), ModelRules()) }
        let resolved = try await Self.resolve(house, Self.waiting)
        #expect(resolved.endpoint.address == "b/m")
        #expect(Self.skips(resolved) == ["a ADDRESS_MISSING"])
        await house.close()
    }

    @Test func `what is left to the caller's process is asked last, unless the caller asks for it`() async throws {
        let house = try TestHouse()
        _ = try house.registry.create(
            BackendDefinition(name: "mine", type: "LOCAL", configuration: ["models": ["*"]]))
        try house.create("other").loads("x")
        try house.create("a").loads("m")
        var asking = Self.waiting
        asking.allowsInProcess = true
        #expect(try await Self.answer(house, Self.waiting) == "a/m after mine MODEL_IN_PROCESS, other MODEL_NOT_SERVED")
        #expect(try await Self.answer(house, asking) == "IN_PROCESS")
        // No other backend serves it: the verdict comes as if it had been the only backend.
        #expect(try await Self.answer(house, asking.about("n")) == "IN_PROCESS")
        #expect(try await Self.answer(house, Self.waiting.about("n")) == "IN_PROCESS")
        // One that serves it and cannot now is told, and not hidden behind the verdict.
        let broken = BackendError(.unavailable, .modelFailed, "no")
        try house.fake("a").onLoad { _ throws(BackendError) in throw broken }
        _ = try await house.registry.unloadModel("m")
        #expect(try await Self.answer(house, Self.waiting) == "MODEL_FAILED")
        _ = try await house.registry.stop("a")
        #expect(try await Self.answer(house, ModelRequest("m")) == "BACKEND_NOT_STARTED")
        await house.close()
    }

    @Test func `a stopped backend that does not serve the model is not named as what keeps it from being served`()
        async throws
    {
        let house = try TestHouse()
        try house.create("a").loads("m")
        #expect(try await Self.answer(house, ModelRequest("typo")) == "MODEL_NOT_FOUND")
        #expect(try await Self.answer(house, ModelRequest("m")) == "BACKEND_NOT_STARTED")
        for (model, reason) in [("typo", BackendError.Reason.modelNotFound), ("m", .backendNotStarted)] {
            let error = await #expect(throws: BackendError.self) { _ = try await house.registry.loadModel(model) }
            #expect(error?.reason == reason)
        }
        await house.close()
    }

    /// The address and who was passed over before it, or the reason of the failure.
    private static func answer(_ house: TestHouse, _ request: ModelRequest) async throws -> String {
        do throws(BackendError) {
            let resolved = try await resolve(house, request)
            let skipped = resolved.skipped.isEmpty ? "" : " after " + skips(resolved).joined(separator: ", ")
            return (resolved.endpoint.isInProcess ? "IN_PROCESS" : resolved.endpoint.address) + skipped
        } catch {
            return error.reason.rawValue
        }
    }

    @Test func `a refused route fails the request, unless another backend follows it`() async throws {
        let house = try await Self.house("a", "b")
        let refusal = BackendError(.permissionDenied, .routeNotAllowed, "no")
        let refused = [ContextResult(backend: "a", outcome: .refused(refusal))]
        #expect(throws: refusal) { try house.registry.resolve(Self.waiting, redirects: RequestRoutes(refused)) }
        let route = ModelEndpoint(address: "10.0.0.1:8033")
        let routes = RequestRoutes(refused + [ContextResult(backend: "b", outcome: .routed(route))])
        guard case .finished(let resolved) = try house.registry.resolve(Self.waiting, redirects: routes) else {
            Issue.record("it waits")
            return
        }
        #expect(resolved.endpoint == route)
        #expect(Self.skips(resolved) == ["a ROUTE_NOT_ALLOWED"])
        await house.close()
    }

    @Test func `a route that a backend declines goes to the next one, and fails the request if none serves it`()
        async throws
    {
        let house = try await Self.house("a", "b")
        let refusal = BackendError(.permissionDenied, .routeNotAllowed, "no")
        func routes(_ names: String...) -> RequestRoutes {
            RequestRoutes(names.map { ContextResult(backend: $0, outcome: .declined(refusal)) })
        }
        _ = try await house.registry.loadModel("m", on: "b")
        guard case .finished(let resolved) = try house.registry.resolve(Self.waiting, redirects: routes("a")) else {
            Issue.record("it waits")
            return
        }
        #expect(resolved.backend == "b")
        #expect(Self.skips(resolved) == ["a ROUTE_NOT_ALLOWED"])
        #expect(throws: refusal) { try house.registry.resolve(Self.waiting, redirects: routes("a", "b")) }
        await house.close()
    }

    @Test func `a page of models holds what comes after the last one, over several backends`() async throws {
        let house = try TestHouse()
        for name in ["a", "b", "c"] {
            try house.create(name).loads("m", "n", "o")
            _ = try await house.registry.start(name)
            for model in ["o", "m", "n"] where name != "b" { _ = try await house.registry.loadModel(model, on: name) }
        }
        var (seen, token, pages): ([String], String, Int) = ([], "", 0)
        repeat {
            let page = try await house.registry.models(size: 2, after: token)
            seen += page.models.map { "\($0.backend)/\($0.model)" }
            token = page.nextToken ?? ""
            pages += 1
        } while !token.isEmpty
        #expect(seen == ["a/m", "a/n", "a/o", "c/m", "c/n", "c/o"])
        #expect(pages == 3)
        await house.close()
    }
}

extension ModelRequest {
    func about(_ model: String) -> ModelRequest {
        var request = self
        request.model = model
        return request
    }
}
