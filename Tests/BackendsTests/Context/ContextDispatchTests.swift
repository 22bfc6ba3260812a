// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import SystemIO
import Testing

@Suite("BackendRegistry: runtime contexts")
struct ContextDispatchTests {
    static let context = OwnedRuntimeContext(
        kind: .http, modelID: "m", entries: [.init("X-Route-Info", .text("host:1"))])
    static let refused = BackendError(.permissionDenied, .contextFailed, "no")

    /// A house with the backends a, b and c in this order.
    static func house(limits: BackendLimits = BackendLimits()) throws -> TestHouse {
        let house = try TestHouse(limits: limits)
        for name in ["a", "b", "c"] { try house.create(name) }
        return house
    }

    static func results(_ dispatch: ContextDispatch) async throws(BackendError) -> [ContextResult] {
        switch dispatch {
        case .finished(let results): results.list
        case .pending(let pending): try await pending.resume()
        }
    }

    /// Dispatches to the end.
    static func dispatch(
        _ house: TestHouse, to names: [String] = [], strict: Bool = false
    ) async throws(BackendError) -> [String] {
        let results = try await results(house.registry.dispatch(context, to: names, strict: strict))
        return results.map { result in
            switch result.outcome {
            case .handled: "\(result.backend) HANDLED"
            case .routed(let endpoint): "\(result.backend) \(endpoint.address)"
            case .ignored: "\(result.backend) IGNORED"
            case .undecided: "\(result.backend) UNDECIDED"
            case .failed(let error), .refused(let error), .declined(let error):
                "\(result.backend) \(error.reason.rawValue)"
            }
        }
    }

    @Test func `every backend gets the context in priority order, whatever its state`() async throws {
        let house = try Self.house()
        try house.create("first", priority: -1)
        try house.fake("b").onStart { () async throws(BackendError) in throw BackendLifecycleTests.broken }
        try house.fake("a").onContext { _ in .handled }
        _ = try await house.registry.start("a")
        _ = try? await house.registry.start("b")
        #expect(try await Self.dispatch(house) == ["first IGNORED", "a HANDLED", "b IGNORED", "c IGNORED"])
        for name in ["first", "a", "b", "c"] {
            #expect(try house.fake(name).calls.last == .context("m"))
        }
        await house.close()
    }

    @Test func `a borrowed context is dispatched without waiting`() throws {
        let house = try Self.house()
        try house.fake("b").onContext { context in
            context.firstValue(of: "x-route-info") == "host:1" ? .handled : .ignored
        }
        let dispatch = try house.registry.dispatch(BorrowedContext(owned: Self.context))
        guard case .finished(let results) = dispatch else {
            Issue.record("no backend had to wait")
            return
        }
        #expect(results.list.map(\.outcome) == [.ignored, .handled, .ignored])
    }

    /// The names in the answer to a context, if there is one before the caller makes it.
    private static func answer(_ house: TestHouse, to names: [String] = []) throws -> String? {
        guard case .finished(let results) = try house.registry.dispatch(context, to: names) else { return nil }
        return results.answer.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `the answer to a context that all ignore is made once, until there are other backends`() async throws {
        let house = try Self.house()
        #expect(try Self.answer(house) == nil)
        let made = Guarded(0)
        house.registry.answerIgnoredContexts { results in
            made.withLock { $0 += 1 }
            return results.flatMap { Array($0.backend.utf8) }
        }
        for _ in 0..<3 { #expect(try Self.answer(house) == "abc") }
        #expect(made.withLock { $0 } == 1)
        #expect(try Self.answer(house, to: ["b"]) == nil)
        try house.fake("b").onContext { _ in .handled }
        #expect(try Self.answer(house) == nil)
        #expect(try await Self.dispatch(house) == ["a IGNORED", "b HANDLED", "c IGNORED"])
        try house.fake("b").onContext { _ in .ignored }
        try house.create("first", priority: -1)
        for _ in 0..<3 { #expect(try Self.answer(house) == "firstabc") }
        _ = try await house.registry.delete("a")
        #expect(try Self.answer(house) == "firstbc")
        #expect(made.withLock { $0 } == 3)
        await house.close()
    }

    @Test func `with no backend there is no result`() async throws {
        #expect(try await Self.dispatch(TestHouse()) == [])
    }

    @Test func `only the named backends get it, once each and in priority order`() async throws {
        let house = try Self.house()
        #expect(try await Self.dispatch(house, to: ["c", "a", "c"]) == ["a IGNORED", "c IGNORED"])
        #expect(try house.fake("b").calls == [])
        #expect(try house.fake("c").calls.count == 1)
    }

    @Test func `an unknown name is refused before any backend sees the context`() async throws {
        let house = try Self.house()
        let error = await #expect(throws: BackendError.self) { try await Self.dispatch(house, to: ["a", "x"]) }
        #expect(error?.kind == .notFound)
        #expect(error?.reason == .backendNotFound)
        #expect(error?.metadata["backend"] == "x")
        #expect(try house.fake("a").calls == [])
    }

    @Test func `a deleted backend gets no more contexts`() async throws {
        let house = try Self.house()
        _ = try await house.registry.delete("b")
        #expect(try await Self.dispatch(house) == ["a IGNORED", "c IGNORED"])
    }

    @Test func `LOCAL ignores contexts`() async throws {
        let house = try TestHouse()
        _ = try house.registry.create(BackendDefinition(name: "local", type: "LOCAL"))
        #expect(try await Self.dispatch(house) == ["local IGNORED"])
    }

    // MARK: Failures

    @Test func `a backend that fails does not keep the others from the context`() async throws {
        let house = try Self.house()
        try house.fake("a").onContext { _ in .failed(Self.refused) }
        try house.fake("c").onContext { _ in .handled }
        #expect(try await Self.dispatch(house) == ["a CONTEXT_FAILED", "b IGNORED", "c HANDLED"])
    }

    @Test func `strict ends at the first failure with the status of that backend`() async throws {
        let house = try Self.house()
        try house.fake("b").onContext { _ in .failed(Self.refused) }
        let error = await #expect(throws: BackendError.self) { try await Self.dispatch(house, strict: true) }
        #expect(error == Self.refused)
        #expect(try house.fake("a").calls.count == 1)
        #expect(try house.fake("c").calls.count == 0)
    }

    @Test func `strict without a failure is the same as not`() async throws {
        #expect(try await Self.dispatch(Self.house(), strict: true) == ["a IGNORED", "b IGNORED", "c IGNORED"])
    }

    // MARK: Backends that wait

    @Test func `a backend that has to wait holds up those behind it`() async throws {
        let house = try Self.house()
        let gate = Gate()
        try house.fake("a").onContext { _ in
            .pending { () async throws(BackendError) in
                await gate.pass()
                return .handled
            }
        }
        let call = calling { () async throws(BackendError) in
            let dispatch = try house.registry.dispatch(BorrowedContext(owned: Self.context))
            return try await Self.results(dispatch)
        }
        await gate.reached()
        #expect(try house.fake("b").calls == [])
        gate.open()
        #expect(try await call.value.get().map(\.outcome) == [.handled, .ignored, .ignored])
        #expect(try house.fake("c").calls == [.context("m")])
        await house.close()
    }

    @Test func `any number of backends may wait`() async throws {
        let house = try Self.house()
        for (name, isHandled) in [("a", true), ("b", false), ("c", true)] {
            try house.fake(name).onContext { _ in
                .pending { () async throws(BackendError) in isHandled ? .handled : .ignored }
            }
        }
        #expect(try await Self.dispatch(house) == ["a HANDLED", "b IGNORED", "c HANDLED"])
        await house.close()
    }

    @Test(arguments: [false, true])
    func `a backend that fails after waiting is like one that fails at once`(strict: Bool) async throws {
        let house = try Self.house()
        try house.fake("b").onContext { _ in .pending { () async throws(BackendError) in throw Self.refused } }
        if strict {
            let error = await #expect(throws: BackendError.self) { try await Self.dispatch(house, strict: true) }
            #expect(error == Self.refused)
            #expect(try house.fake("c").calls == [])
        } else {
            #expect(try await Self.dispatch(house) == ["a IGNORED", "b CONTEXT_FAILED", "c IGNORED"])
        }
        await house.close()
    }

    @Test(arguments: [false, true])
    func `a route that is not confirmed in time is refused`(isThrown: Bool) async throws {
        let house = try Self.house()
        let gate = Gate()
        try house.fake("b").onContext { _ in
            .pending(
                { () async throws(BackendError) in
                    if isThrown { throw Self.refused }
                    await gate.passStubbornly()
                    return .handled
                }, unfinished: { .refused($0) })
        }
        let call = calling { () async throws(BackendError) in
            try await Self.results(house.registry.dispatch(Self.context))
        }
        if !isThrown {
            await gate.reached()
            await house.clock.sleepersAre(1)
            house.clock.advance(by: .seconds(1))
        }
        let results = try await call.value.get()
        let error = RequestRoutes(results).refusal
        #expect(error?.reason == (isThrown ? Self.refused.reason : .contextTimeout))
        gate.open()
        await house.close()
    }

    @Test func `a backend has a second, then it counts as failed and the next one gets the context`() async throws {
        let house = try Self.house()
        let gate = Gate()
        try house.fake("b").onContext { _ in
            .pending { () async throws(BackendError) in
                // Ignores its cancellation: the caller must not have to wait for it.
                await gate.passStubbornly()
                return .handled
            }
        }
        let call = calling { () async throws(BackendError) in
            try await Self.results(house.registry.dispatch(Self.context))
        }
        await gate.reached()
        await house.clock.sleepersAre(1)
        house.clock.advance(by: .milliseconds(999))
        #expect(try house.fake("c").calls == [])
        house.clock.advance(by: .milliseconds(1))
        let results = try await call.value.get()
        #expect(results.map(\.backend) == ["a", "b", "c"])
        #expect(results.last?.outcome == .ignored)
        guard case .failed(let error) = results[1].outcome else {
            Issue.record("b took too long: \(results[1])")
            return
        }
        #expect(error.kind == .deadlineExceeded)
        #expect(error.reason == .contextTimeout)
        #expect(error.metadata["backend"] == "b")
        gate.open()
        await house.close()
    }

    @Test func `work that took too long is cancelled`() async throws {
        let house = try Self.house()
        let gate = Gate()
        try house.fake("a").onContext { _ in
            .pending { () async throws(BackendError) in
                await gate.pass()
                return .handled
            }
        }
        let call = calling { () async throws(BackendError) in
            try await Self.results(house.registry.dispatch(Self.context, strict: true))
        }
        await gate.reached()
        await house.clock.sleepersAre(1)
        house.clock.advance(by: .seconds(1))
        #expect(await call.value.reason == .contextTimeout)
        // The gate stays shut, so only the cancellation lets the work end.
        await house.close()
    }

    @Test func `a caller that gives up ends the dispatch`() async throws {
        let house = try Self.house()
        let gate = Gate()
        try house.fake("a").onContext { _ in
            .pending { () async throws(BackendError) in
                await gate.pass()
                return .handled
            }
        }
        let call = calling { () async throws(BackendError) in
            try await Self.results(house.registry.dispatch(Self.context))
        }
        await gate.reached()
        call.cancel()
        let error = await call.value.error
        #expect(error?.kind == .cancelled)
        #expect(error?.reason == .callerCancelled)
        #expect(try house.fake("b").calls == [])
        await house.close()
    }

    @Test func `work on contexts is bounded`() async throws {
        var limits = BackendLimits()
        limits.pendingContexts = 1
        let house = try Self.house(limits: limits)
        let gate = Gate()
        try house.fake("a").onContext { _ in
            .pending { () async throws(BackendError) in
                await gate.pass()
                return .handled
            }
        }
        let first = calling { () async throws(BackendError) in try await Self.dispatch(house) }
        await gate.reached()
        #expect(try await Self.dispatch(house) == ["a CONTEXTS_FULL", "b IGNORED", "c IGNORED"])
        gate.open()
        #expect(try await first.value.get() == ["a HANDLED", "b IGNORED", "c IGNORED"])
        await house.close()
    }
}
