// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("ModelPool")
struct ModelPoolTests {
    // MARK: Loading

    @Test func `the first caller has the model loaded, and all get the one result`() {
        var script = PoolTranscript()
        #expect(
            script.ask("m", by: 1) == [
                "m NOT_LOADED QUEUED LOAD_REQUESTED", "m QUEUED LOADING LOAD_BEGAN", "load m #1",
            ])
        #expect(script.ask("m", by: 2) == [])
        #expect(script.ask("m", by: 3, .load) == [])
        #expect(script.use("m", by: 4) == [])
        #expect(
            script.loaded("m", run: 1) == [
                "m LOADING READY LOADED", "grant 1 m:1", "grant 2 m:1", "succeed 3 true", "grant 4 m:1",
            ])
        #expect(script.pool.state(of: "m") == .ready)
    }

    @Test func `fifty callers of one cold model cause one load`() {
        var script = PoolTranscript()
        let said = (1...50).flatMap { script.ask("m", by: CallerID($0)) }
        #expect(said.filter { $0.hasPrefix("load") } == ["load m #1"])
        #expect(script.loaded("m", run: 1).count { $0.hasPrefix("grant") } == 50)
    }

    @Test func `a ready model is granted at once`() {
        var script = PoolTranscript()
        script.makeReady("m")
        #expect(script.ask("m", by: 1) == ["grant 1 m:1"])
        #expect(script.ask("m", by: 2, .load) == ["succeed 2 false"])
        #expect(script.use("m", by: 3) == ["grant 3 m:1"])
        #expect(script.pool.readyEndpoint(of: "m", at: script.time) == PoolTranscript.place("m"))
    }

    @Test func `a failed load fails all callers that wait`() {
        var script = PoolTranscript()
        _ = script.ask("m", by: 1)
        _ = script.use("m", by: 2)
        #expect(
            script.loaded("m", run: 1, PoolTranscript.broken) == [
                "m LOADING FAILED LOAD_FAILED EXITED", "fail 1 EXITED", "fail 2 EXITED",
            ])
    }

    @Test func `a model that failed is tried again: at once, then after pauses that grow`() {
        var script = PoolTranscript()
        _ = script.ask("m", by: 1)
        _ = script.loaded("m", run: 1, PoolTranscript.broken)
        for (index, pause) in [0, 1, 2, 4, 8, 16, 32, 60, 60].enumerated() {
            if pause > 0 {
                script.time += .seconds(pause) - .nanoseconds(1)
                #expect(script.ask("m", by: 2) == ["throws MODEL_FAILED"])
                script.time += .nanoseconds(1)
            }
            #expect(script.ask("m", by: 2).last == "load m #\(index + 2)")
            _ = script.loaded("m", run: RunID(UInt64(index + 2)), PoolTranscript.broken)
        }
        // A caller that asks explicitly does not wait, and a success forgets the failures.
        #expect(script.ask("m", by: 3, .load, isExplicit: true).last == "load m #11")
        _ = script.loaded("m", run: 11)
        _ = script.unload("m", by: 4)
        _ = script.unloaded("m", run: 12)
        _ = script.ask("m", by: 5)
        _ = script.loaded("m", run: 13, PoolTranscript.broken)
        #expect(script.ask("m", by: 6).last == "load m #14")
    }

    @Test func `a caller that gives up waiting is forgotten, and the load goes on`() {
        var script = PoolTranscript()
        _ = script.ask("m", by: 1)
        #expect(script.pool.callerLeft(1, "m", at: .zero) == [])
        #expect(script.pool.callerLeft(1, "m", at: .zero) == nil)
        #expect(script.loaded("m", run: 1) == ["m LOADING READY LOADED"])
    }

    @Test func `results of another run change nothing`() {
        var script = PoolTranscript()
        _ = script.ask("m", by: 1)
        #expect(script.loaded("m", run: 7) == [])
        #expect(script.unloaded("m", run: 1) == [])
        #expect(script.loaded("x", run: 1) == [])
        #expect(script.pool.state(of: "m") == .loading)
    }

    @Test func `nothing is loaded before the backend is started`() {
        var script = PoolTranscript(isOpen: false)
        #expect(script.ask("m", by: 1) == ["throws BACKEND_NOT_STARTED"])
        #expect(script.useThere("m", by: 1) == ["throws BACKEND_NOT_STARTED"])
        #expect(script.unload("m", by: 2) == ["succeed 2 false"])
    }

    @Test func `the number of models and of callers is bounded`() {
        var limits = ModelPool.Limits()
        (limits.models, limits.callers) = (2, 1)
        var script = PoolTranscript(limits: limits)
        _ = script.ask("a", by: 1)
        #expect(script.ask("a", by: 2) == ["throws QUEUE_FULL"])
        _ = script.loaded("a", run: 1, PoolTranscript.broken)
        script.makeReady("b")
        // A failed model makes way first, then an idle one; one that is used or being loaded does not.
        #expect(
            script.ask("c", by: 3) == [
                "a FAILED NOT_LOADED EVICTED", "c NOT_LOADED QUEUED LOAD_REQUESTED", "c QUEUED LOADING LOAD_BEGAN",
                "load c #3",
            ])
        #expect(script.use("b", by: 5) == ["grant 5 b:1"])
        #expect(script.ask("d", by: 4) == ["throws MODELS_FULL"])
        #expect(script.release("b", by: 5) == [])
        #expect(script.ask("d", by: 4).prefix(2) == ["b READY UNLOADING EVICTED", "unload b #4"])
    }

    @Test func `what happens to a model while its load is being reported is not lost`() {
        var script = PoolTranscript()
        _ = script.ask("m", by: 1)
        let failure = BackendFailure(reason: "KILLED", message: "gone")
        #expect(script.said { (pool, time) throws(BackendError) in pool.brokeDown("m", failure, at: time) } == [])
        #expect(
            script.loaded("m", run: 1) == [
                "m LOADING READY LOADED", "m READY FAILED MODEL_FAILED KILLED", "fail 1 MODEL_FAILED", "unload m #2",
            ])
        _ = script.ask("n", by: 2)
        let place = ModelEndpoint(address: "n:2")
        #expect(script.said { (pool, time) throws(BackendError) in pool.moved("n", to: nil, at: time) } == [])
        #expect(
            script.loaded("n", run: 3) == [
                "n LOADING READY LOADED", "n READY UNREADY BECAME_UNREADY INSTANCE_NOT_READY",
            ])
        #expect(
            script.said { (pool, time) throws(BackendError) in pool.moved("n", to: place, at: time) } == [
                "n UNREADY READY BECAME_READY", "grant 2 n:2",
            ])
    }

    @Test func `a use goes only where the context has sent it`() {
        var script = PoolTranscript()
        let rules = ModelRules(maxConcurrent: 1, maxQueue: 3)
        func routed(_ caller: CallerID, _ place: String) -> [String] {
            script.said { (pool, time) throws(BackendError) in
                try pool.useRequested(
                    "m", by: caller, endpoint: ModelEndpoint(address: place), rules: rules, at: time)
            }
        }
        script.makeReady("m", rules: rules)
        #expect(routed(1, "r:1") == ["grant 1 r:1"])
        #expect(script.ask("m", by: 2) == ["grant 2 m:1"])
        #expect(script.use("m", by: 3) == [])
        #expect(routed(4, "r:4") == [])
        #expect(script.release("m", by: 1) == ["grant 3 m:1"])
        #expect(script.release("m", by: 3) == ["grant 4 r:4"])
        #expect(script.pool.readyEndpoint(of: "m", at: .zero)?.address == "m:1")
    }

    // MARK: Uses

    @Test func `uses beyond the places wait in turn, as many as the queue holds`() {
        var script = PoolTranscript()
        let rules = ModelRules(maxConcurrent: 1, maxQueue: 2)
        script.makeReady("m", rules: rules)
        #expect(script.use("m", by: 1) == ["grant 1 m:1"])
        #expect(script.use("m", by: 2) == [])
        #expect(script.use("m", by: 3) == [])
        #expect(script.use("m", by: 4) == ["throws QUEUE_FULL"])
        // To know the place needs no place.
        #expect(script.ask("m", by: 5) == ["grant 5 m:1"])
        #expect(script.release("m", by: 1) == ["grant 2 m:1"])
        #expect(script.pool.callerLeft(3, "m", at: .zero) == [])
        #expect(script.release("m", by: 2) == [])
        #expect(script.release("m", by: 2) == [])
    }

    @Test func `while a model is loaded its places and its queue can be taken`() {
        var script = PoolTranscript()
        let rules = ModelRules(maxConcurrent: 1, maxQueue: 1)
        #expect(script.use("m", by: 1, rules: rules).last == "load m #1")
        #expect(script.use("m", by: 2, rules: rules) == [])
        #expect(script.use("m", by: 3, rules: rules) == ["throws QUEUE_FULL"])
        #expect(script.loaded("m", run: 1) == ["m LOADING READY LOADED", "grant 1 m:1"])
        #expect(script.release("m", by: 1) == ["grant 2 m:1"])
    }

    @Test func `a use of what needs no loading counts places too, and leaves no trace`() {
        var script = PoolTranscript()
        let rules = ModelRules(maxConcurrent: 1, maxQueue: 1)
        #expect(script.useThere("m", by: 1, rules: rules) == ["grant 1 m:1"])
        #expect(script.useThere("m", by: 2, rules: rules) == [])
        #expect(script.useThere("m", by: 3, rules: rules) == ["throws QUEUE_FULL"])
        #expect(script.pool.readyEndpoint(of: "m", at: script.time) == nil)
        #expect(script.release("m", by: 1) == ["grant 2 m:1"])
        #expect(script.release("m", by: 2) == [])
        #expect(script.pool.state(of: "m") == .notLoaded)
    }

    @Test func `a model that cannot be reached for the moment keeps its callers waiting`() {
        var script = PoolTranscript()
        script.makeReady("m")
        let failure = BackendFailure(reason: "EXITED", message: "in backoff")
        #expect(
            script.said { (pool, time) throws(BackendError) in
                pool.unreadyBecause(failure, "m")
                return pool.moved("m", to: nil, at: time)
            } == ["m READY UNREADY BECAME_UNREADY EXITED"])
        #expect(script.pool.state(of: "m") == .unready)
        #expect(script.ask("m", by: 1) == [])
        #expect(script.ask("m", by: 2, .load) == [])
        #expect(script.pool.readyEndpoint(of: "m", at: script.time) == nil)
        #expect(
            script.said { (pool, time) throws(BackendError) in
                pool.moved("m", to: PoolTranscript.place("n"), at: time)
            } == ["m UNREADY READY BECAME_READY", "grant 1 n:1", "succeed 2 true"])
    }

    @Test func `a model that breaks down fails its callers, is cleared away, and waits for an explicit load`() {
        var script = PoolTranscript()
        script.makeReady("m")
        _ = script.use("m", by: 1)
        let failure = BackendFailure(reason: "CRASH_LOOP", message: "it crashed")
        #expect(
            script.said { (pool, time) throws(BackendError) in pool.brokeDown("m", failure, at: time) } == [
                "m READY FAILED MODEL_FAILED CRASH_LOOP", "lose 1 MODEL_FAILED", "unload m #2",
            ])
        script.time += .seconds(3600)
        #expect(script.ask("m", by: 2) == ["throws MODEL_FAILED"])
        // Not before what is left of it is gone.
        #expect(script.ask("m", by: 3, .load, isExplicit: true) == ["m FAILED QUEUED LOAD_REQUESTED"])
        #expect(script.unloaded("m", run: 2) == ["m QUEUED LOADING LOAD_BEGAN", "load m #3"])
    }

    // MARK: The backend

    @Test func `when the backend begins to stop, callers that wait are told, and uses go on until its end`() {
        var script = PoolTranscript()
        script.makeReady("a")
        _ = script.use("a", by: 1)
        _ = script.ask("b", by: 2)
        #expect(
            script.said { (pool, _) throws(BackendError) in pool.closed() } == [
                "fail 2 BACKEND_NOT_STARTED", "b LOADING UNLOADING BACKEND_STOPPED", "cancel #2",
            ])
        #expect(script.ask("a", by: 3) == ["throws BACKEND_NOT_STARTED"])
        #expect(!script.pool.isUnused)
        #expect(script.loaded("b", run: 2, PoolTranscript.broken) == ["b UNLOADING NOT_LOADED UNLOADED"])
        #expect(
            script.said { (pool, _) throws(BackendError) in pool.cleared() } == [
                "lose 1 MODEL_UNLOADED", "a READY NOT_LOADED BACKEND_STOPPED",
            ])
        #expect(script.release("a", by: 1) == [])
        #expect(script.pool.isUnused)
    }
}
