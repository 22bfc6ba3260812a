// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import TestSupport
import Testing
import TextKeys

/// What a step costs when there is eight times as much of something: the fastest of several runs of each size in turn, so that a
/// loaded machine does not matter.
@Suite("ModelPool: cost", .tags(.blocking), .serialized, .timeLimit(.minutes(5)))
struct ModelPoolCostTests {
    /// A pool with loaded models, as many as `models` says; they are called m0, m1 and so on.
    private static func pool(
        models: Int, capacity: ModelCapacity = ModelCapacity(), rules: ModelRules = ModelRules(),
        limits: ModelPool.Limits = ModelPool.Limits()
    ) -> PoolTranscript {
        var script = PoolTranscript(capacity: capacity, limits: limits)
        for number in 0..<models { script.makeReady("m\(number)", rules: rules) }
        return script
    }

    /// How much longer the step takes with 8n than with n; each takes place on a copy of its own kind of pool.
    private static func growth(
        from count: Int, repeating times: Int = 1, _ make: (Int) -> PoolTranscript,
        _ step: (inout PoolTranscript) -> Void
    ) -> Double {
        func time(_ made: PoolTranscript) -> Duration {
            var script = made
            // The first step takes the copy apart.
            step(&script)
            let start = ContinuousClock.now
            for _ in 0..<times { step(&script) }
            return ContinuousClock.now - start
        }
        let (few, many) = (make(count), make(8 * count))
        var (cheap, dear) = (Duration.seconds(3600), Duration.seconds(3600))
        // Measured again while the machine makes it look as if the size mattered.
        for round in 0..<60 where round < 7 || dear / cheap >= 3 {
            cheap = min(cheap, time(few))
            dear = min(dear, time(many))
        }
        return dear / cheap
    }

    @Test func `a use costs the same however many others use the model`() {
        let growth = Self.growth(from: 1000, repeating: 100) { count in
            var script = Self.pool(models: 1)
            for caller in 1...count { _ = script.use("m0", by: CallerID(UInt64(caller))) }
            return script
        } _: { script in
            _ = script.use("m0", by: 100_000)
            _ = script.release("m0", by: 100_000)
        }
        #expect(growth < 3)
    }

    @Test func `asking where a model is costs the same however many are loaded`() {
        let growth = Self.growth(from: 120, repeating: 100) {
            Self.pool(models: $0)
        } _: { script in
            _ = script.pool.readyEndpoint(of: "m7", at: script.time)
        }
        #expect(growth < 3)
    }

    @Test func `finding which models must go for another looks at no others`() {
        let growth = Self.growth(from: 120, repeating: 20) { count in
            Self.pool(models: count, capacity: ModelCapacity(maxLoaded: count))
        } _: { script in
            _ = try? script.pool.evicted(for: "x", rules: ModelRules())
        }
        #expect(growth < 3)
    }

    @Test func `finding which models must go in groups looks at no others`() {
        let rules = ModelRules(groups: ["g"])
        let growth = Self.growth(from: 120, repeating: 20) { count in
            let groups: TextMap = ["g": ModelGroup(maxLoaded: count), "big": ModelGroup(isExclusive: true)]
            return Self.pool(models: count, capacity: ModelCapacity(maxLoaded: count, groups: groups), rules: rules)
        } _: { script in
            _ = try? script.pool.evicted(for: "x", rules: rules)
        }
        #expect(growth < 3)
    }

    @Test func `finding that an exclusive group has to wait for one use looks at no others`() {
        let growth = Self.growth(from: 120, repeating: 20) { count in
            let groups: TextMap = ["big": ModelGroup(isExclusive: true)]
            var script = Self.pool(models: count, capacity: ModelCapacity(groups: groups))
            _ = script.use("m7", by: 1)
            return script
        } _: { script in
            #expect((try? script.pool.evicted(for: "x", rules: ModelRules(groups: ["big"]))) == .some(nil))
        }
        #expect(growth < 3)
    }

    @Test func `nor does loading one model for another`() {
        let growth = Self.growth(from: 120, repeating: 5) { count in
            Self.pool(models: count, capacity: ModelCapacity(maxLoaded: count))
        } _: { script in
            let model = "x\(script.pool.newestRun)"
            let steps = script.ask(model, by: 1)
            #expect(steps.dropFirst().first?.hasSuffix("READY UNLOADING EVICTED") == true)
            let victim = steps.dropFirst().first?.prefix { $0 != " " } ?? ""
            _ = script.unloaded(String(victim), run: script.pool.newestRun)
            _ = script.loaded(model, run: script.pool.newestRun)
        }
        #expect(growth < 3)
    }

    @Test func `nor does one more model than may be known`() {
        let growth = Self.growth(from: 120, repeating: 5) { count in
            var limits = ModelPool.Limits()
            limits.models = count
            return Self.pool(models: count, limits: limits)
        } _: { script in
            let steps = script.ask("x\(script.pool.newestRun)", by: 1)
            #expect(steps.first?.hasSuffix("READY UNLOADING EVICTED") == true)
        }
        #expect(growth < 3)
    }

    @Test func `nor does the one that has failed for the longest time`() {
        let growth = Self.growth(from: 120, repeating: 5) { count in
            var limits = ModelPool.Limits()
            limits.models = count
            var script = PoolTranscript(limits: limits)
            for number in 0..<count {
                _ = script.ask("m\(number)", by: 1)
                _ = script.loaded("m\(number)", run: script.pool.newestRun, PoolTranscript.broken)
            }
            return script
        } _: { script in
            let model = "x\(script.pool.newestRun)"
            #expect(script.ask(model, by: 1).first?.hasSuffix("FAILED NOT_LOADED EVICTED") == true)
            _ = script.loaded(model, run: script.pool.newestRun, PoolTranscript.broken)
        }
        #expect(growth < 3)
    }

    @Test func `a caller that joins or leaves costs the same however many wait`() {
        let growth = Self.growth(from: 500, repeating: 20) { count in
            var script = PoolTranscript()
            for caller in 1...count { _ = script.use("m", by: CallerID(UInt64(caller))) }
            return script
        } _: { script in
            #expect(script.use("m", by: 100_000) == [])
            _ = script.leave("m", by: 100_000)
        }
        #expect(growth < 3)
    }

    @Test func `a place that becomes free costs the same however many wait for one`() {
        let rules = ModelRules(maxConcurrent: 1, maxQueue: 4096)
        let growth = Self.growth(from: 500, repeating: 20) { count in
            var script = Self.pool(models: 1, rules: rules)
            for caller in 1...count { _ = script.use("m0", by: CallerID(UInt64(caller)), rules: rules) }
            return script
        } _: { script in
            // One of the first has the place: each step gives it to the next.
            for caller in 1...200 where !script.release("m0", by: CallerID(UInt64(caller))).isEmpty { break }
        }
        #expect(growth < 3)
    }

    @Test func `whether a backend is in use is known without a look at its models`() {
        let growth = Self.growth(from: 120, repeating: 100) { count in
            Self.pool(models: count)
        } _: { script in
            #expect(script.pool.isUnused)
        }
        #expect(growth < 3)
    }
}
