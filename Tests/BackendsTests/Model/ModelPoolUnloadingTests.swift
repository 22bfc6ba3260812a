// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("ModelPool: unloading")
struct ModelPoolUnloadingTests {
    @Test func `an unused model is unloaded at once`() {
        var script = PoolTranscript()
        script.makeReady("m")
        #expect(script.unload("m", by: 1) == ["m READY UNLOADING UNLOAD_REQUESTED", "unload m #2"])
        #expect(script.unload("m", by: 2) == [])
        #expect(
            script.unloaded("m", run: 2) == ["m UNLOADING NOT_LOADED UNLOADED", "succeed 1 true", "succeed 2 true"])
        #expect(script.unload("m", by: 3) == ["succeed 3 false"])
    }

    @Test func `a model in use is unloaded once its uses have ended`() {
        var script = PoolTranscript()
        script.makeReady("m")
        _ = script.use("m", by: 1)
        _ = script.use("m", by: 2)
        #expect(script.unload("m", by: 3) == ["m READY DRAINING UNLOAD_REQUESTED"])
        #expect(script.release("m", by: 1) == [])
        #expect(script.release("m", by: 2) == ["m DRAINING UNLOADING DRAINED", "unload m #2"])
    }

    @Test func `force ends the uses there are`() {
        var script = PoolTranscript()
        script.makeReady("m")
        _ = script.use("m", by: 1)
        _ = script.unload("m", by: 2)
        #expect(
            script.unload("m", by: 3, force: true) == [
                "lose 1 MODEL_UNLOADED", "m DRAINING UNLOADING UNLOAD_REQUESTED", "unload m #2",
            ])
    }

    @Test func `a caller that waits for a free place does not get it from a model that is unloaded`() {
        var script = PoolTranscript()
        let rules = ModelRules(maxConcurrent: 1)
        script.makeReady("m", rules: rules)
        _ = script.use("m", by: 1)
        _ = script.use("m", by: 2)
        #expect(script.unload("m", by: 3) == ["fail 2 LOAD_CANCELLED", "m READY DRAINING UNLOAD_REQUESTED"])
    }

    @Test func `once the last caller that waits for the end of the uses has left, the model is ready again`() {
        var script = PoolTranscript()
        script.makeReady("m")
        _ = script.use("m", by: 1)
        _ = script.unload("m", by: 2)
        _ = script.unload("m", by: 3)
        func left(_ caller: CallerID) -> [String] {
            script.said { (pool, time) throws(BackendError) in pool.unloaderLeft(caller, "m", at: time) }
        }
        #expect(left(2) == [])
        #expect(script.use("m", by: 4) == [])
        #expect(left(3) == ["m DRAINING READY UNLOAD_ABANDONED", "grant 4 m:1"])
    }

    @Test func `a caller that asks while a model is unloaded gets it loaded again`() {
        var script = PoolTranscript()
        script.makeReady("m")
        _ = script.unload("m", by: 1)
        #expect(script.ask("m", by: 2) == [])
        #expect(
            script.unloaded("m", run: 2) == [
                "m UNLOADING NOT_LOADED UNLOADED", "succeed 1 true", "m NOT_LOADED QUEUED LOAD_REQUESTED",
                "m QUEUED LOADING LOAD_BEGAN", "load m #3",
            ])
    }

    @Test func `unloading a model that is being loaded cancels the load`() {
        var script = PoolTranscript()
        _ = script.ask("m", by: 1)
        #expect(
            script.unload("m", by: 2) == ["fail 1 LOAD_CANCELLED", "m LOADING UNLOADING UNLOAD_REQUESTED", "cancel #1"])
        #expect(
            script.loaded("m", run: 1, PoolTranscript.broken) == ["m UNLOADING NOT_LOADED UNLOADED", "succeed 2 true"])
    }

    @Test func `a load that was through before its cancellation is unloaded`() {
        var script = PoolTranscript()
        _ = script.ask("m", by: 1)
        _ = script.unload("m", by: 2)
        #expect(script.loaded("m", run: 1) == ["unload m #2"])
        #expect(script.unloaded("m", run: 2) == ["m UNLOADING NOT_LOADED UNLOADED", "succeed 2 true"])
    }

    @Test func `a failed model is forgotten, and one that cannot be unloaded has failed`() {
        var script = PoolTranscript()
        _ = script.ask("m", by: 1)
        _ = script.loaded("m", run: 1, PoolTranscript.broken)
        #expect(script.unload("m", by: 2) == ["m FAILED NOT_LOADED UNLOAD_REQUESTED", "succeed 2 true"])
        script.makeReady("m")
        _ = script.unload("m", by: 3)
        #expect(
            script.unloaded("m", run: 3, PoolTranscript.broken) == [
                "m UNLOADING FAILED UNLOAD_FAILED EXITED", "fail 3 EXITED",
            ])
    }

    // MARK: Idle models

    @Test func `an idle model is unloaded after its time, counted from the end of the last use`() {
        var script = PoolTranscript()
        let rules = ModelRules(ttl: .seconds(10))
        #expect(script.use("m", by: 1, rules: rules).last == "load m #1")
        #expect(script.loaded("m", run: 1).last == "grant 1 m:1")
        script.time += .seconds(100)
        #expect(script.release("m", by: 1) == ["watch m 10.0 seconds"])
        func passed() -> [String] {
            script.said { (pool, time) throws(BackendError) in pool.idleTimePassed("m", at: time) }
        }
        script.time += .seconds(7)
        #expect(script.ask("m", by: 2) == ["grant 2 m:1"])
        script.time += .seconds(3)
        #expect(passed() == ["watch m 7.0 seconds"])
        script.time += .seconds(7)
        #expect(passed() == ["m READY UNLOADING IDLE", "unload m #2"])
    }

    @Test func `a model in use is not idle, and a pinned one never`() {
        var script = PoolTranscript()
        script.makeReady("m", rules: ModelRules(ttl: .seconds(10)))
        _ = script.use("m", by: 1)
        script.time += .seconds(10)
        #expect(script.said { (pool, time) throws(BackendError) in pool.idleTimePassed("m", at: time) } == [])
        #expect(script.release("m", by: 1) == ["watch m 10.0 seconds"])
        _ = script.ask("p", by: 2, rules: ModelRules(ttl: .seconds(10), isPinned: true))
        #expect(script.loaded("p", run: 2) == ["p LOADING READY LOADED", "grant 2 p:1"])
    }
}
