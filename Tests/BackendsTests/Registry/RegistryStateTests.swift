// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsTestSupport
import ConfigDocument
import TestSupport
import Testing

@Suite("RegistryState")
struct RegistryStateTests {
    private static let now = Timestamp(seconds: 100)
    private static let type = ScriptedBackends().type(named: "FAKE", contexts: .ignored)
    private static let holder = CallerIdentity(pid: 7, uid: 1)

    private static func registry(_ names: String..., limits: BackendLimits = BackendLimits()) throws -> RegistryState {
        var registry = RegistryState(limits: limits)
        for name in names { _ = try create(name, in: &registry) }
        return registry
    }

    @discardableResult
    private static func create(_ name: String, in registry: inout RegistryState) throws -> [RegistryAction] {
        let definition = BackendDefinition(name: name, type: "FAKE")
        return try registry.create(
            definition, type: type, try BackendConfiguration(type: type, base: [:]), at: now)
    }

    private static func submit(
        _ command: BackendCommand, on name: String = "a", by caller: CallerID, _ registry: inout RegistryState,
        _ options: StartLockOptions = StartLockOptions()
    ) throws -> [String] {
        try registry.submit(command, on: name, by: caller, options, at: now).actions.words
    }

    private static func patch(_ port: Int64) -> BackendCommand {
        .registerConfig(ConfigRegistration(owner: "me", patch: ["port": .integer(port)]))
    }

    // MARK: Backends

    @Test func `a backend is recorded and kept before its creator is answered`() throws {
        var registry = try Self.registry()
        #expect(try Self.create("a", in: &registry).words == ["record a CREATED", "persist a"])
        #expect(registry.order == ["a"])
    }

    @Test func `a second backend of a name is refused and changes nothing`() throws {
        var registry = try Self.registry("a")
        #expect(throws: BackendError.self) { try Self.create("a", in: &registry) }
        #expect(registry.order == ["a"])
    }

    @Test func `a deleted backend is kept as gone before anyone is told`() throws {
        var registry = try Self.registry("a")
        #expect(
            try Self.submit(.delete(force: false), by: 9, &registry) == [
                "unlist a", "record a DELETED", "persist a", "answer 9 STOPPED true",
            ])
        #expect(registry.entries.isEmpty && registry.callers.isEmpty)
    }

    // MARK: Commands

    @Test func `a start is told of before it begins, and answered when it has ended`() throws {
        var registry = try Self.registry("a")
        #expect(
            try Self.submit(.start(by: .person), by: 9, &registry) == [
                "persist a", "update models a STARTING", "record a START_REQUESTED", "start a #1",
            ])
        let creation = try registry.entry("a").creation
        #expect(
            registry.startFinished(RunID(1), of: "a", creation, error: nil, at: Self.now).words == [
                "update models a STARTED", "record a STARTED", "answer 9 STARTED true",
            ])
    }

    @Test func `a registration is kept before it is answered`() throws {
        var registry = try Self.registry("a")
        #expect(
            try Self.submit(Self.patch(1), by: 9, &registry) == [
                "record a CONFIG_REGISTERED", "persist a", "index models a", "answer 9 STOPPED true",
            ])
        #expect(try Self.submit(Self.patch(1), by: 10, &registry) == ["answer 10 STOPPED false"])
    }

    @Test func `a start keeps the configuration that was staged for it`() throws {
        var registry = try Self.registry("a")
        _ = try Self.submit(.start(by: .person), by: 1, &registry)
        let creation = try registry.entry("a").creation
        _ = registry.startFinished(RunID(1), of: "a", creation, error: nil, at: Self.now)
        let staged = ConfigRegistration(owner: "me", patch: ["port": 1], apply: .nextStart)
        #expect(
            try Self.submit(.registerConfig(staged), by: 2, &registry) == [
                "record a CONFIG_STAGED", "persist a", "answer 2 STARTED true",
            ])
        _ = try Self.submit(.stop(by: nil), by: 3, &registry)
        _ = registry.stopFinished(RunID(2), of: "a", creation, error: nil, at: Self.now)
        #expect(
            try Self.submit(.start(by: .person), by: 4, &registry) == [
                "persist a", "update models a STARTING", "record a START_REQUESTED", "persist a", "index models a",
                "start a #3",
            ])
    }

    @Test func `a refused command leaves no caller behind`() throws {
        var registry = try Self.registry("a")
        _ = try Self.submit(.start(by: .person), by: 1, &registry)
        #expect(throws: BackendError.self) { try Self.submit(.delete(force: false), by: 2, &registry) }
        #expect(throws: BackendError.self) { try Self.submit(Self.patch(1), by: 3, &registry) }
        #expect(throws: BackendError.self) { try Self.submit(.start(by: .person), on: "b", by: 4, &registry) }
        #expect(registry.callers == [1])
    }

    @Test func `what an earlier backend of the name reports changes nothing`() throws {
        var registry = try Self.registry("a")
        let creation = try registry.entry("a").creation
        _ = try Self.submit(.delete(force: false), by: 1, &registry)
        try Self.create("a", in: &registry)
        _ = try Self.submit(.start(by: .person), by: 2, &registry)
        #expect(registry.startFinished(RunID(1), of: "a", creation, error: nil, at: Self.now) == [])
        let failure = BackendFailure(reason: "EXITED", message: "it ended")
        #expect(registry.failureReported(failure, by: RunID(1), of: "a", creation, at: Self.now) == [])
        #expect(try registry.entry("a").state == .starting)
    }

    // MARK: The start lock

    @Test func `a lock that was granted to a caller that leaves goes to the next`() throws {
        var registry = try Self.registry("a")
        let wait = Duration.seconds(1)
        #expect(
            try registry.requestLock(of: "a", by: 1, Self.holder, wait: wait, at: Self.now).words == ["grant 1"])
        #expect(try registry.requestLock(of: "a", by: 2, Self.holder, wait: wait, at: Self.now).words == [])
        #expect(registry.callerLeft(1, on: "a", at: Self.now).words == ["end lease", "grant 2"])
    }

    @Test func `a forced command breaks the lock, and one that is refused does not`() throws {
        var registry = try Self.registry("a")
        _ = try registry.requestLock(of: "a", by: 1, Self.holder, wait: nil, at: Self.now)
        let force = StartLockOptions(force: true)
        #expect(throws: BackendError.self) { try Self.submit(Self.patch(-1), by: 2, &registry, force) }
        #expect(try registry.entry("a").lock.holder == Self.holder)
        #expect(
            try Self.submit(.stop(by: nil), by: 3, &registry, force) == [
                "answer 3 STOPPED false", "end lease START_LOCK_BROKEN",
            ])
    }

    @Test func `a queued command runs in its turn, and its refusal is told`() throws {
        var registry = try Self.registry("a")
        _ = try registry.requestLock(of: "a", by: 1, Self.holder, wait: nil, at: Self.now)
        let token = try #require(registry.entry("a").lock.token)
        let wait = StartLockOptions(wait: .seconds(1))
        let queued = try registry.submit(.start(by: .person), on: "a", by: 2, wait, at: Self.now)
        #expect(queued.actions.isEmpty && queued.isQueued)
        #expect(try registry.submit(Self.patch(1), on: "a", by: 3, wait, at: Self.now).isQueued)
        #expect(
            registry.release(token, of: "a", at: Self.now).words == [
                "end lease", "persist a", "update models a STARTING", "record a START_REQUESTED", "start a #1",
                "refuse 3 BACKEND_STARTED",
            ])
    }

    @Test func `a caller that has waited for long enough is told who holds the lock`() throws {
        var registry = try Self.registry("a")
        _ = try registry.requestLock(of: "a", by: 1, Self.holder, wait: nil, at: Self.now)
        _ = try registry.submit(.start(by: .person), on: "a", by: 2, StartLockOptions(wait: .seconds(1)), at: Self.now)
        #expect(registry.lockWaitExpired(2, on: "a").words == ["refuse 2 START_LOCK_HELD"])
        #expect(registry.lockWaitExpired(2, on: "a") == [])
    }

    @Test func `a drain refuses those that wait for a lock, and every later command`() throws {
        var registry = try Self.registry("a", "b")
        _ = try registry.requestLock(of: "a", by: 1, Self.holder, wait: nil, at: Self.now)
        _ = try registry.submit(.start(by: .person), on: "a", by: 2, StartLockOptions(wait: .seconds(1)), at: Self.now)
        #expect(registry.drain().words == ["refuse 2 SHUTTING_DOWN", "refuse loads a", "refuse loads b"])
        #expect(throws: BackendError.self) { try Self.submit(.start(by: .person), on: "b", by: 3, &registry) }
        #expect(
            try registry.stopForShutdown("b", by: 4, at: Self.now).words == ["answer 4 STOPPED false"])
    }

    // MARK: Random walk

    @Test(arguments: 0..<100) func `each caller comes out once, whatever happens in which order`(seed: UInt64) throws {
        var (random, registry) = (SeededGenerator(seed: seed), try Self.registry("a"))
        var (ledger, run): (CallerLedger, RunID?) = (CallerLedger(seed: seed), nil)
        func carryOut(_ actions: [RegistryAction]) {
            for word in actions.words { ledger.note("  " + word) }
            for action in actions {
                switch action {
                case .start(_, let id, _, _), .stop(_, let id): run = id
                case .answer(let caller, _), .refuse(let caller, _), .grant(let caller, _): ledger.came(out: caller)
                default: break
                }
            }
            ledger.require(registry.callers == ledger.waiting, "the registry knows who waits")
            if let entry = registry.entries["a"], entry.hold != nil {
                ledger.require(![.starting, .started].contains(entry.state), "what is held does not run")
            }
        }
        func finish(_ error: BackendError?) throws {
            guard let id = run, let creation = registry.entries["a"]?.creation else { return }
            run = nil
            ledger.note("run \(id) ends")
            carryOut(registry.startFinished(id, of: "a", creation, error: error, at: Self.now))
            carryOut(registry.stopFinished(id, of: "a", creation, error: error, at: Self.now))
        }
        func release() {
            guard let token = registry.entries["a"]?.lock.token else { return }
            ledger.note("release")
            carryOut(registry.release(token, of: "a", at: Self.now))
        }
        for _ in 0..<300 where !ledger.isBroken {
            if registry.entries["a"] == nil { carryOut(try Self.create("a", in: &registry)) }
            let caller = ledger.newCaller()
            let options = StartLockOptions(wait: .seconds(1), force: random.happens(onceIn: 8))
            let commands: [BackendCommand] = [
                .start(by: .person), .start(by: .request), .stop(by: nil), .stop(by: Self.holder), .restart,
                .restartPart,
                .delete(force: false), .delete(force: true), Self.patch(2), .setEnabled(random.happens(onceIn: 2)),
            ]
            ledger.note("\(caller) comes")
            do throws(BackendError) {
                switch Int.random(in: 0..<10, using: &random) {
                case 0...3:
                    let command = commands[Int.random(in: 0..<commands.count, using: &random)]
                    let actions = try registry.submit(command, on: "a", by: caller, options, at: Self.now).actions
                    ledger.came(in: caller)
                    carryOut(actions)
                case 4, 5:
                    let actions = try registry.requestLock(
                        of: "a", by: caller, Self.holder, wait: .seconds(1), at: Self.now)
                    ledger.came(in: caller)
                    carryOut(actions)
                case 6: release()
                case 7:
                    if let waiting = ledger.waiting.sorted().randomElement(using: &random) {
                        carryOut(registry.callerLeft(waiting, on: "a", at: Self.now))
                    }
                default: try? finish(random.happens(onceIn: 4) ? PoolTranscript.broken : nil)
                }
            } catch {
                ledger.note("  refused \(error.reason.rawValue)")
            }
        }
        for _ in 0..<600 where !ledger.waiting.isEmpty && !ledger.isBroken {
            release()
            try finish(nil)
        }
        ledger.require(ledger.waiting.isEmpty, "no caller is forgotten")
    }
}
