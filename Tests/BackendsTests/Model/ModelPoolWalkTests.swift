// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import TestSupport
import Testing
import TextKeys

@Suite("ModelPool: random walks")
struct ModelPoolWalkTests {
    @Test(arguments: 0..<60) func `each caller comes out once, whatever happens in which order`(seed: UInt64) {
        var walk = PoolWalk(seed: seed)
        for _ in 0..<400 where !walk.ledger.isBroken { walk.step() }
        walk.settle()
    }
}

/// A pool with a driver that is as slow, and as late, as it likes.
private struct PoolWalk {
    var ledger: CallerLedger
    private var pool: ModelPool
    private var random: SeededGenerator
    private var time = Duration.zero
    private let capacity: ModelCapacity
    /// Nil until a model was told of.
    private var told: [String: ModelState] = [:]
    /// Loads and unloads under way.
    private var runs: [RunID: (model: String, isLoad: Bool)] = [:]
    private var newestRun = RunID(0)
    /// The uses under way.
    private var uses: [CallerID: String] = [:]
    /// What each caller that waits asked for.
    private var wants: [CallerID: (model: String, want: ModelPool.Want?)] = [:]
    /// When the idle time of a model is over.
    private var idleWatches: [String: Duration] = [:]
    private var isRoomWatched = false

    private static let models = ["pinned", "few", "x1", "x2", "y1", "y2"]
    private static let limit = 3

    init(seed: UInt64) {
        ledger = CallerLedger(seed: seed)
        random = SeededGenerator(seed: seed)
        var limits = ModelPool.Limits()
        (limits.models, limits.callers) = (5, 8)
        pool = ModelPool(backend: "b", limits: limits)
        let groups: TextMap = ["x": ModelGroup(maxLoaded: 1), "y": ModelGroup(isExclusive: seed.isMultiple(of: 3))]
        capacity = ModelCapacity(maxLoaded: Self.limit, groups: groups)
        pool.opened(capacity: capacity)
    }

    private static func rules(of model: String) -> ModelRules {
        switch model {
        case "pinned": ModelRules(isPinned: true)
        case "few": ModelRules(ttl: .seconds(5), maxConcurrent: 2, maxQueue: 2)
        default: ModelRules(ttl: .seconds(20), groups: [String(model.prefix(1))])
        }
    }

    // MARK: Steps

    mutating func step() {
        time += .milliseconds(Int.random(in: 0...900, using: &random))
        let model = Self.models.randomElement(using: &random) ?? "x1"
        switch Int.random(in: 0..<20, using: &random) {
        case 0...4: ask(model)
        case 5: useThere(model)
        case 6: unload(model)
        case 7, 8: leave()
        case 9...11: release()
        case 12...15: finishRun(fails: random.happens(onceIn: 4))
        case 16: breakDown(model)
        case 17: move(model)
        case 18: ringTimer()
        default: if random.happens(onceIn: 6) { reopen() }
        }
        check()
    }

    /// Lets everything end; then no caller waits.
    mutating func settle() {
        for _ in 0..<2000 where !ledger.isBroken && !(runs.isEmpty && uses.isEmpty && ledger.waiting.isEmpty) {
            time += .seconds(3)
            finishRun(fails: false)
            release()
            ringTimer()
            // What cannot be reached would be waited for until it can.
            for model in Self.models where pool.state(of: model) == .unready {
                say("\(model) returns") { $0.moved(model, to: PoolTranscript.place(model), at: $1) }
            }
            check()
        }
        ledger.require(runs.isEmpty && uses.isEmpty && ledger.waiting.isEmpty, "no caller is forgotten")
    }

    private mutating func ask(_ model: String) {
        let wants: [ModelPool.Want] = [.endpoint, .use, .use, .load]
        let want = wants.randomElement(using: &random) ?? .use
        let isExplicit = want == .load
        come(model, want, "asks for \(want)") { (pool, caller, time) throws(BackendError) in
            try pool.requested(
                model, by: caller, want: want, rules: Self.rules(of: model), isExplicit: isExplicit, at: time)
        }
    }

    /// A context leads to another place of a model that the pool knows, or the model needs no loading.
    private mutating func useThere(_ known: String) {
        let model = pool.state(of: known) == .notLoaded ? "there" : known
        come(model, .use, "uses a place of its own") { (pool, caller, time) throws(BackendError) in
            try pool.useRequested(
                model, by: caller, endpoint: ModelEndpoint(address: "there:1"), rules: Self.rules(of: model), at: time)
        }
    }

    private mutating func unload(_ model: String) {
        let force = random.happens(onceIn: 3)
        come(model, nil, "unloads, force \(force)") { (pool, caller, time) throws(BackendError) in
            pool.unloadRequested(model, by: caller, force: force, at: time)
        }
    }

    private mutating func leave() {
        guard let caller = ledger.waiting.sorted().randomElement(using: &random), let wanted = wants[caller] else {
            return
        }
        ledger.left(caller)
        wants[caller] = nil
        if wanted.want == nil {
            say("\(caller) gives up the unload") { $0.unloaderLeft(caller, wanted.model, at: $1) }
        } else {
            let actions = pool.callerLeft(caller, wanted.model, at: time)
            ledger.note("\(caller) leaves")
            ledger.require(actions != nil, "a caller that waits can leave")
            carryOut(actions ?? [])
        }
    }

    private mutating func release() {
        guard let caller = uses.keys.sorted().randomElement(using: &random), let model = uses[caller] else { return }
        uses[caller] = nil
        say("\(caller) releases \(model)") { $0.released(caller, model, at: $1) }
    }

    private mutating func finishRun(fails: Bool) {
        let ids = runs.keys.sorted { $0.number < $1.number }
        guard let id = ids.randomElement(using: &random), let run = runs[id] else { return }
        runs[id] = nil
        let error = fails ? PoolTranscript.broken : nil
        if run.isLoad {
            say("load \(id) of \(run.model) ends, \(fails ? "badly" : "well")") { pool, time in
                pool.loadFinished(
                    run.model, run: id, error.map { .failure($0) } ?? .success(PoolTranscript.place(run.model)),
                    at: time)
            }
        } else {
            say("unload \(id) of \(run.model) ends, \(fails ? "badly" : "well")") {
                $0.unloadFinished(run.model, run: id, error: error, at: $1)
            }
        }
    }

    private mutating func breakDown(_ model: String) {
        say("\(model) breaks down") {
            $0.brokeDown(model, BackendFailure(reason: "EXITED", message: "it ended"), at: $1)
        }
    }

    private mutating func move(_ model: String) {
        let endpoint = random.happens(onceIn: 2) ? nil : PoolTranscript.place(model)
        say("\(model) moves to \(endpoint?.address ?? "nowhere")") { $0.moved(model, to: endpoint, at: $1) }
    }

    private mutating func ringTimer() {
        if isRoomWatched {
            isRoomWatched = false
            say("the time for room is over") { $0.roomTimePassed(at: $1) }
        }
        guard let (model, end) = idleWatches.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { return }
        idleWatches[model] = nil
        time = max(time, end)
        say("the idle time of \(model) is over") { $0.idleTimePassed(model, at: $1) }
    }

    private mutating func reopen() {
        say("the backend stops") { pool, _ in pool.closed() }
        for _ in 0..<10 { finishRun(fails: false) }
        say("the backend is stopped") { pool, _ in pool.cleared() }
        runs = [:]
        ledger.require(ledger.waiting.isEmpty && uses.isEmpty, "no caller waits for a backend that is stopped")
        pool.opened(capacity: capacity)
    }

    // MARK: The driver

    private mutating func come(
        _ model: String, _ want: ModelPool.Want?, _ words: String,
        _ body: (inout ModelPool, CallerID, Duration) throws(BackendError) -> [ModelPool.Action]
    ) {
        let caller = ledger.newCaller()
        ledger.note("\(caller) \(words) \(model), which is \(pool.state(of: model))")
        do throws(BackendError) {
            let actions = try body(&pool, caller, time)
            ledger.came(in: caller)
            wants[caller] = (model, want)
            carryOut(actions)
        } catch {
            ledger.note("  refused \(error.reason.rawValue)")
        }
    }

    private mutating func say(_ words: String, _ body: (inout ModelPool, Duration) -> [ModelPool.Action]) {
        ledger.note(words)
        carryOut(body(&pool, time))
    }

    private mutating func carryOut(_ actions: [ModelPool.Action]) {
        for action in actions {
            ledger.note("  \(action)".prefix(160).description)
            switch action {
            case .record(let model, let old, let new, let cause, _): tell(model, old, new, cause)
            case .load(let model, let run): begin(run, model, isLoad: true)
            case .unload(let model, let run): begin(run, model, isLoad: false)
            case .cancelLoad(let run):
                ledger.require(runs[run]?.isLoad == true, "a load that is cancelled is under way")
            case .watchIdle(let model, let after):
                ledger.require(after >= .zero && idleWatches[model] == nil, "the idle time of a model is watched once")
                idleWatches[model] = time + after
            case .watchRoom:
                ledger.require(!isRoomWatched, "the time for room is watched once")
                isRoomWatched = true
            case .grant(let caller, _):
                if let wanted = wants[caller], wanted.want == .use { uses[caller] = wanted.model }
                out(caller)
            case .loaded(let caller, _, _, _), .succeed(let caller, _), .fail(let caller, _): out(caller)
            case .lose(let caller, _): ledger.require(uses.removeValue(forKey: caller) != nil, "a use is lost once")
            }
        }
    }

    private mutating func out(_ caller: CallerID) {
        wants[caller] = nil
        ledger.came(out: caller)
    }

    private mutating func tell(_ model: String, _ old: ModelState, _ new: ModelState, _ cause: ModelEvent.Cause) {
        ledger.require(
            (told[model] ?? .notLoaded) == old, "a change of \(model) begins at the state that was told last")
        if model == "pinned", cause == .evicted || cause == .idle {
            ledger.require(old == .failed, "a pinned model stays until it is unloaded on request")
        }
        told[model] = new
    }

    private mutating func begin(_ run: RunID, _ model: String, isLoad: Bool) {
        ledger.require(run.number > newestRun.number, "runs are numbered in order")
        ledger.require(!runs.values.contains { $0.model == model }, "one run is under way per model")
        if isLoad {
            let taken = Set(runs.values.map(\.model)).union(Self.models.filter { pool.state(of: $0).takesRoom })
            ledger.require(taken.union([model]).count <= Self.limit, "no more models are loaded than may be")
        } else {
            ledger.require(!uses.values.contains(model), "a model that is in use is not unloaded")
        }
        newestRun = run
        runs[run] = (model, isLoad)
    }

    private mutating func check() {
        ledger.require(uses.values.count { $0 == "few" } <= 2, "a model has no more uses than places")
        for (model, state) in told {
            ledger.require(pool.state(of: model) == state, "every change of \(model) is told")
        }
    }
}

extension ModelState {
    fileprivate var takesRoom: Bool {
        switch self {
        case .loading, .ready, .unready, .draining, .unloading: true
        case .notLoaded, .queued, .failed: false
        }
    }
}
