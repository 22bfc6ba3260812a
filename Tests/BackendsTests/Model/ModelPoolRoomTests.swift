// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing
import TextKeys

@Suite("ModelPool: room")
struct ModelPoolRoomTests {
    @Test func `the model that was not used for the longest time makes room`() throws {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 2))
        script.makeReady("a", "b")
        _ = script.ask("a", by: 1)
        #expect(try script.pool.evicted(for: "c", rules: ModelRules()) == ["b"])
        #expect(
            script.ask("c", by: 2) == [
                "c NOT_LOADED QUEUED LOAD_REQUESTED", "b READY UNLOADING EVICTED", "unload b #3",
            ])
        #expect(
            script.unloaded("b", run: 3) == [
                "b UNLOADING NOT_LOADED UNLOADED", "c QUEUED LOADING LOAD_BEGAN", "load c #4",
            ])
    }

    @Test func `one that is being loaded or in use never has to go: the next waits for the end of a use`() throws {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 2))
        script.makeReady("a")
        _ = script.use("a", by: 1)
        _ = script.ask("b", by: 2)
        #expect(script.ask("c", by: 3) == ["c NOT_LOADED QUEUED LOAD_REQUESTED"])
        #expect(try script.pool.evicted(for: "c", rules: ModelRules()) == nil)
        #expect(script.release("a", by: 1) == ["a READY UNLOADING EVICTED", "unload a #3"])
        // The same room is not made twice.
        #expect(script.ask("d", by: 4) == ["d NOT_LOADED QUEUED LOAD_REQUESTED"])
        #expect(script.unloaded("a", run: 3).suffix(2) == ["c QUEUED LOADING LOAD_BEGAN", "load c #4"])
        #expect(script.pool.state(of: "d") == .queued)
    }

    @Test func `a load is refused at once if only pinned models are loaded`() throws {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1))
        script.makeReady("a", rules: ModelRules(isPinned: true))
        #expect(
            script.ask("b", by: 1) == [
                "b NOT_LOADED QUEUED LOAD_REQUESTED", "b QUEUED FAILED LOAD_FAILED NO_CAPACITY", "fail 1 NO_CAPACITY",
            ])
        #expect(script.unload("a", by: 2).last == "unload a #2")
    }

    @Test func `an exclusive group goes for one from outside, and the other way round`() throws {
        let capacity = ModelCapacity(groups: ["big": ModelGroup(isExclusive: true)])
        var script = PoolTranscript(capacity: capacity)
        let big = ModelRules(groups: ["big"])
        script.makeReady("a", "b")
        #expect(
            script.ask("x", by: 1, rules: big).dropFirst() == [
                "a READY UNLOADING EVICTED", "unload a #3", "b READY UNLOADING EVICTED", "unload b #4",
            ])
        #expect(script.unloaded("b", run: 4) == ["b UNLOADING NOT_LOADED UNLOADED"])
        #expect(script.unloaded("a", run: 3).last == "load x #5")
        _ = script.loaded("x", run: 5)
        // Its own members may be loaded beside each other.
        #expect(script.ask("y", by: 2, rules: big).last == "load y #6")
        _ = script.loaded("y", run: 6)
        #expect(script.ask("a", by: 3).filter { $0.hasPrefix("unload") } == ["unload x #7", "unload y #8"])
    }

    @Test func `a group can have a number of models of its own`() throws {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 10, groups: ["one": ModelGroup(maxLoaded: 1)]))
        let one = ModelRules(groups: ["one"])
        script.makeReady("x", rules: one)
        script.makeReady("a")
        #expect(script.ask("y", by: 1, rules: one).suffix(2) == ["x READY UNLOADING EVICTED", "unload x #3"])
        #expect(script.ask("b", by: 2) == ["b NOT_LOADED QUEUED LOAD_REQUESTED"])
        #expect(script.unloaded("x", run: 3).filter { $0.hasPrefix("load") } == ["load y #4", "load b #5"])
    }

    @Test func `room is given in turn`() throws {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1))
        _ = script.ask("a", by: 1)
        _ = script.ask("b", by: 2)
        _ = script.ask("c", by: 3)
        #expect(script.loaded("a", run: 1).suffix(2) == ["a READY UNLOADING EVICTED", "unload a #2"])
        #expect(script.unloaded("a", run: 2).last == "load b #3")
        #expect(script.loaded("b", run: 3, PoolTranscript.broken).last == "load c #4")
    }

    @Test func `a model that waits for room can be taken back`() throws {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1))
        _ = script.ask("a", by: 1)
        _ = script.ask("b", by: 2)
        #expect(
            script.unload("b", by: 3) == [
                "fail 2 LOAD_CANCELLED", "b QUEUED NOT_LOADED UNLOAD_REQUESTED", "succeed 3 true",
            ])
        #expect(script.loaded("a", run: 1) == ["a LOADING READY LOADED", "grant 1 a:1"])
    }

    @Test func `a caller that waits for room gets it when a waiter elsewhere leaves`() throws {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1))
        script.makeReady("a")
        _ = script.said { (pool, time) throws(BackendError) in pool.moved("a", to: nil, at: time) }
        #expect(script.ask("a", by: 1) == [])
        #expect(script.ask("b", by: 2) == ["b NOT_LOADED QUEUED LOAD_REQUESTED"])
        #expect(
            script.said { (pool, time) throws(BackendError) in
                pool.moved("a", to: PoolTranscript.place("a"), at: time)
            } == ["a UNREADY READY BECAME_READY", "grant 1 a:1", "a READY UNLOADING EVICTED", "unload a #2"])
    }

    @Test func `a load is refused if only pinned models are in the way`() throws {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1))
        script.makeReady("a", rules: ModelRules(isPinned: true))
        let error = #expect(throws: BackendError.self) { try script.pool.evicted(for: "b", rules: ModelRules()) }
        #expect(error?.reason == .noCapacity)
    }

    @Test func `a load whose callers have left evicts no model`() {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1))
        script.makeReady("a")
        _ = script.use("a", by: 1)
        _ = script.ask("b", by: 2)
        _ = script.ask("b", by: 3)
        #expect(script.leave("b", by: 2) == [])
        #expect(script.leave("b", by: 3) == ["b QUEUED NOT_LOADED LOAD_ABANDONED"])
        #expect(script.release("a", by: 1) == [])
        #expect(script.pool.state(of: "a") == .ready)
    }

    @Test func `a load that is given up while another model goes for it does not begin, and the next in turn does`() {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1))
        script.makeReady("a")
        _ = script.ask("b", by: 1)
        _ = script.ask("c", by: 2)
        #expect(script.leave("b", by: 1) == ["b QUEUED NOT_LOADED LOAD_ABANDONED"])
        #expect(script.unloaded("a", run: 2).last == "load c #3")
    }

    @Test func `a load that is given up while another model goes for it gets the room that nothing else wants`() {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1))
        script.makeReady("a")
        #expect(script.ask("b", by: 1).suffix(2) == ["a READY UNLOADING EVICTED", "unload a #2"])
        #expect(script.leave("b", by: 1) == [])
        #expect(script.unloaded("a", run: 2).last == "load b #3")
        #expect(script.loaded("b", run: 3) == ["b LOADING READY LOADED"])
        // It has no claim to the room of others.
        #expect(script.use("b", by: 2) == ["grant 2 b:1"])
        _ = script.ask("a", by: 3)
        #expect(script.leave("a", by: 3) == ["a QUEUED NOT_LOADED LOAD_ABANDONED"])
    }

    @Test func `a load that is given up loses the room again to what is asked for before it begins`() {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1))
        script.makeReady("a")
        _ = script.ask("b", by: 1)
        #expect(script.leave("b", by: 1) == [])
        // The model that goes for it is wanted again.
        _ = script.ask("a", by: 2)
        #expect(
            script.unloaded("a", run: 2) == [
                "a UNLOADING NOT_LOADED UNLOADED", "a NOT_LOADED QUEUED LOAD_REQUESTED",
                "b QUEUED NOT_LOADED LOAD_ABANDONED",
                "a QUEUED LOADING LOAD_BEGAN", "load a #3",
            ])
    }

    @Test func `no load begins once the daemon is about to end`() throws {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1))
        script.makeReady("a")
        _ = script.use("a", by: 1)
        _ = script.ask("b", by: 2)
        _ = script.ask("b", by: 3)
        let refused = script.said { (pool, time) throws(BackendError) in pool.loadsRefused(at: time) }
        #expect(refused.count == 3)
        #expect(
            refused[0].hasPrefix("fail 2 SHUTTING_DOWN") && refused[1].hasPrefix("fail 3 SHUTTING_DOWN"), "\(refused)")
        #expect(refused.last == "b QUEUED NOT_LOADED LOAD_ABANDONED")
        let error = #expect(throws: BackendError.self) {
            try script.pool.requested("c", by: 4, want: .load, rules: ModelRules(), at: script.time)
        }
        #expect(error?.reason == .shuttingDown)
        // What is loaded can be used on.
        #expect(script.use("a", by: 5) == ["grant 5 a:1"])
        #expect(script.release("a", by: 1) == [])
        _ = script.release("a", by: 5)
        #expect(script.pool.state(of: "a") == .ready)
    }

    @Test func `a load that is given up while it runs evicts no other, and goes on as one that is idle`() {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 2))
        script.makeReady("a")
        _ = script.ask("b", by: 1)
        #expect(script.leave("b", by: 1) == [])
        #expect(script.loaded("b", run: 2) == ["b LOADING READY LOADED"])
        #expect(script.pool.state(of: "a") == .ready)
        #expect(script.ask("c", by: 2).contains("a READY UNLOADING EVICTED"))
    }

    @Test func `later users of a loaded model wait behind one that has waited for room for too long`() {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1, fairAfter: .seconds(2)))
        script.makeReady("a")
        _ = script.use("a", by: 1)
        _ = script.use("b", by: 2)
        script.time += .seconds(1)
        #expect(script.use("a", by: 3) == ["grant 3 a:1"])
        #expect(script.release("a", by: 1) == [])
        script.time += .seconds(1)
        #expect(script.roomTimePassed() == [])
        #expect(script.use("a", by: 4) == [])
        // Where it is may still be asked.
        #expect(script.ask("a", by: 5) == ["grant 5 a:1"])
        #expect(script.release("a", by: 3) == ["a READY UNLOADING EVICTED", "unload a #2"])
        #expect(
            script.unloaded("a", run: 2) == [
                "a UNLOADING NOT_LOADED UNLOADED", "a NOT_LOADED QUEUED LOAD_REQUESTED", "b QUEUED LOADING LOAD_BEGAN",
                "load b #3",
            ])
        // Whoever waits for it when it is loaded gets it, however long others have waited.
        script.time += .seconds(10)
        #expect(script.loaded("b", run: 3) == ["b LOADING READY LOADED", "grant 2 b:1"])
        #expect(script.use("b", by: 6) == [])
        #expect(script.release("b", by: 2) == ["b READY UNLOADING EVICTED", "unload b #4"])
    }

    @Test func `models that have yielded in vain go on`() {
        var script = PoolTranscript(capacity: ModelCapacity(maxLoaded: 1))
        script.makeReady("a")
        _ = script.use("a", by: 1)
        _ = script.use("b", by: 2)
        script.time += .seconds(2)
        _ = script.roomTimePassed()
        #expect(script.use("a", by: 3) == [])
        #expect(script.leave("b", by: 2) == ["b QUEUED NOT_LOADED LOAD_ABANDONED", "grant 3 a:1"])
        #expect(script.use("a", by: 4) == ["grant 4 a:1"])
    }
}
