// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import TestSupport
import Testing

@Suite("StartLock: random walks")
struct StartLockWalkTests {
    @Test(arguments: 0..<200) func `callers get their turns in the order in which they came`(seed: UInt64) {
        var walk = Walk(seed: seed)
        for _ in 0..<300 where !walk.ledger.isBroken { walk.step() }
        walk.settle()
    }

    private struct Walk {
        var ledger: CallerLedger
        private var lock = StartLock(name: "a", waiterLimit: 5)
        private var tokens = LockTokens()
        private var random: SeededGenerator
        /// Those that wait, in the order in which they came.
        private var queue: [CallerID] = []
        private var held: LockToken?
        private var newest = LockToken(0)

        init(seed: UInt64) {
            ledger = CallerLedger(seed: seed)
            random = SeededGenerator(seed: seed)
        }

        mutating func step() {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                join("holder") { (lock, caller) throws(BackendError) in
                    try lock.holderQueued(caller, CallerIdentity(pid: 1, uid: 0))
                }
            case 2: join("command") { (lock, caller) throws(BackendError) in try lock.commandQueued(caller) }
            case 3: leave()
            case 4: release()
            default: ask()
            }
            serve()
        }

        mutating func settle() {
            while held != nil, !ledger.isBroken {
                release()
                serve()
            }
            ledger.require(ledger.waiting.isEmpty && queue.isEmpty, "no caller is forgotten")
        }

        private mutating func join(_ name: String, _ body: (inout StartLock, CallerID) throws(BackendError) -> Void) {
            let caller = ledger.newCaller()
            ledger.note("\(name) \(caller) queues")
            do throws(BackendError) {
                try body(&lock, caller)
                ledger.came(in: caller)
                queue.append(caller)
            } catch {
                ledger.require(queue.count == 5, "only a full queue refuses a caller")
            }
        }

        private mutating func leave() {
            guard let caller = queue.randomElement(using: &random) else { return }
            ledger.note("\(caller) leaves")
            ledger.require(lock.callerLeft(caller), "a caller that waits can leave")
            ledger.require(!lock.callerLeft(caller), "a caller leaves once")
            queue.removeAll { $0 == caller }
            ledger.left(caller)
        }

        private mutating func release() {
            let stale = LockToken(newest.number + 1)
            ledger.require(!lock.released(token: stale), "a token that was not given frees nothing")
            guard let token = held else { return }
            ledger.note("\(token) is released")
            ledger.require(lock.released(token: token), "the current token frees the lock")
            held = nil
        }

        /// What commands are told.
        private mutating func ask() {
            let isOpen = (try? lock.admission(StartLockOptions())) == .open
            ledger.require(isOpen == (held == nil), "a command runs at once exactly while the lock is free")
            if let held {
                let passes = (try? lock.admission(StartLockOptions(token: held))) == .open
                ledger.require(passes, "the holder's commands pass")
                let breaks = (try? lock.admission(StartLockOptions(force: true))) == .breaking(token: held)
                ledger.require(breaks, "a forced command breaks the lock")
            }
        }

        private mutating func serve() {
            while let turn = lock.next(at: Timestamp(seconds: Int64(newest.number % 7)), tokens: &tokens) {
                ledger.note("  \(turn)")
                ledger.require(held == nil, "no caller has its turn while the lock is held")
                let first = queue.isEmpty ? nil : queue.removeFirst()
                switch turn {
                case .grant(let caller, let token):
                    ledger.require(first == caller, "first come, first served")
                    ledger.require(token > newest, "tokens grow")
                    (held, newest) = (token, token)
                    ledger.came(out: caller)
                case .refuse(let caller):
                    ledger.require(false, "caller \(caller) gets a token, which costs nothing without a state")
                case .run(let caller):
                    ledger.require(first == caller, "first come, first served")
                    ledger.came(out: caller)
                }
            }
            ledger.require(held != nil || queue.isEmpty, "a free lock has no queue")
            ledger.require(lock.token == held && lock.callers == queue, "the lock shows its holder and its queue")
        }
    }
}
