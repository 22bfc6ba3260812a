// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc
internal import Synchronization

// Starting, stopping, and the turn itself.
extension EventLoop {
    /// How much one turn may run, so that a chain of jobs does not keep sockets waiting for long.
    private struct Budget {
        private static let time: UInt64 = 500_000
        var jobs = 1024
        /// Set once the time limit applies: a turn whose jobs create no others does not read the clock.
        private(set) var end: UInt64?

        mutating func isTimeOver() -> Bool {
            let now = MonotonicClock.nowNanoseconds
            guard let end else {
                end = now.addingSaturated(Self.time)
                return false
            }
            return now >= end
        }
    }

    /// The number of jobs after which the time limit applies even if none of them created another.
    private static let untimedJobs = 16
    private static let eventsPerTurn = 256

    /// Starts the loop on a thread of its own, which blocks all signals. Call once.
    package func start() throws(SystemError) {
        var thread = csys_thread()
        // Held until the thread has ended.
        let context = unsafe Unmanaged.passRetained(self)
        let code = unsafe csys_thread_start(&thread, name, runEventLoop, context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            throw SystemError(code: code, call: "start a thread for", subject: "the event loop \(name)")
        }
        inbox.withLock { inbox in
            precondition(inbox.thread == nil, "an event loop starts twice")
            inbox.thread = thread
        }
    }

    /// Asks the loop to end: it runs the queued jobs, flushes, and its thread exits.
    ///
    /// Timers that are not due yet do not fire. Registrations are dropped, which releases their handlers.
    package func stop() {
        inbox.withLock { inbox in
            inbox.isStopping = true
            hasMail.store(true, ordering: .sequentiallyConsistent)
        }
        wake()
    }

    /// Waits until the thread that `start` created has ended. Blocks. Do not call on the loop, nor from two threads at
    /// once.
    package func join() {
        precondition(!isCurrent, "an event loop cannot wait for its own end")
        let thread = inbox.withLock { inbox in
            let thread = inbox.thread
            inbox.thread = nil
            return thread
        }
        guard let thread else { return }
        let code = csys_thread_join(thread)
        precondition(code == 0, "an event loop is waited for twice")
    }

    /// Runs the loop on the calling thread until it is stopped. Call once, and not in addition to `start`.
    package func run() {
        let claim = owner.compareExchange(
            expected: 0, desired: UInt(csys_thread_self()), ordering: .sequentiallyConsistent)
        precondition(claim.exchanged, "an event loop runs twice")
        let events = UnsafeMutableBufferPointer<csys_ready>.allocate(capacity: Self.eventsPerTurn)
        var stopping = false
        while !(stopping && hasEnded()) {
            let count = unsafe wait(events)
            turn.now = nil
            for index in 0..<count {
                unsafe dispatch(events[index])
            }
            fireTimers()
            stopping = runJobsAndFlush()
        }
        unsafe events.deallocate()
        dropEverything()
        owner.store(0, ordering: .sequentiallyConsistent)
    }

    /// Whether nothing is left to do. What arrives later is not run.
    private func hasEnded() -> Bool {
        guard turn.work.isEmpty, turn.flushes.isEmpty else { return false }
        return inbox.withLock { inbox in inbox.work.isEmpty }
    }

    private func wait(_ events: UnsafeMutableBufferPointer<csys_ready>) -> Int {
        guard let base = events.baseAddress else { return 0 }
        let capacity = Int32(events.count)
        if spin > 0, turn.work.isEmpty, turn.flushes.isEmpty {
            let end = MonotonicClock.nowNanoseconds.addingSaturated(spin)
            while !hasMail.load(ordering: .relaxed) {
                let count = unsafe csys_epoll_wait(epoll.rawValue, base, capacity, 0)
                if count != 0 { return checked(count) }
                let now = MonotonicClock.nowNanoseconds
                if now >= end { break }
                if let deadline = turn.timers.nextDeadline, deadline <= now { break }
            }
        }
        var timeout: Int64 = 0
        if turn.work.isEmpty && turn.flushes.isEmpty {
            isAsleep.store(true, ordering: .sequentiallyConsistent)
            if !hasMail.load(ordering: .sequentiallyConsistent) { timeout = untilNextTimer() }
        }
        let count = unsafe csys_epoll_wait(epoll.rawValue, base, capacity, timeout)
        isAsleep.store(false, ordering: .relaxed)
        return checked(count)
    }

    private func checked(_ count: Int32) -> Int {
        precondition(count >= 0, "the event loop's epoll descriptor is broken")
        return Int(count)
    }

    /// Nanoseconds until the first timer is due; negative when there is none.
    private func untilNextTimer() -> Int64 {
        guard let deadline = turn.timers.nextDeadline else { return -1 }
        return Int64(clamping: deadline.subtractingSaturated(MonotonicClock.nowNanoseconds))
    }

    private func dispatch(_ event: csys_ready) {
        guard event.tag != Self.wakeupTag else { return }
        guard let handler = turn.registrations.handler(Registration(tag: event.tag)) else { return }
        handler.ready(ReadyEvents(rawValue: event.events))
    }

    private func fireTimers() {
        guard turn.timers.nextDeadline != nil else { return }
        let now = nowNanoseconds
        // Timers that these set wait for the next turn, however short they are.
        var left = turn.timers.count
        while left > 0, let body = turn.timers.popDue(now: now) {
            body()
            left -= 1
        }
    }

    /// Returns whether the loop was asked to stop.
    private func runJobsAndFlush() -> Bool {
        var budget = Budget()
        var stopping = takeMail()
        // The second round runs what the flushes created; what that creates waits for the next turn.
        for _ in 0..<2 {
            runJobs(&budget)
            flush()
            if turn.work.isEmpty && turn.flushes.isEmpty { break }
            if takeMail() { stopping = true }
        }
        return stopping
    }

    private func takeMail() -> Bool {
        guard hasMail.load(ordering: .relaxed) else { return false }
        return inbox.withLock { inbox in
            turn.work.takeAll(of: &inbox.work)
            // A stop stays in the mail until the end.
            hasMail.store(inbox.isStopping, ordering: .sequentiallyConsistent)
            return inbox.isStopping
        }
    }

    private func runJobs(_ budget: inout Budget) {
        let serial = unsafe asUnownedSerialExecutor()
        let task = unsafe asUnownedTaskExecutor()
        var untimed = min(turn.work.count, Self.untimedJobs)
        while budget.jobs > 0 {
            if budget.end != nil || untimed == 0 {
                if budget.isTimeOver() { return }
            } else {
                untimed -= 1
            }
            guard let work = turn.work.popFirst() else { return }
            budget.jobs -= 1
            switch work {
            case .job(let job): unsafe job.runSynchronously(isolatedTo: serial, taskExecutor: task)
            case .body(let body): body()
            case .none: break
            }
        }
    }

    private func flush() {
        guard !turn.flushes.isEmpty else { return }
        // Two lists alternate, so that none is allocated. Elements are released while `turn` uses neither.
        var flushing = turn.spareFlushes
        turn.spareFlushes = []
        swap(&turn.flushes, &flushing)
        for flushable in flushing {
            flushable.flush()
        }
        flushing.removeAll(keepingCapacity: true)
        turn.spareFlushes = flushing
    }

    /// Releases handlers and timers, whose `deinit` may use the loop a last time.
    private func dropEverything() {
        let (registrations, timers) = (turn.registrations, turn.timers)
        turn.registrations = RegistrationTable()
        turn.timers = TimerQueue()
        withExtendedLifetime((registrations, timers)) {}
    }
}

/// The thread of a loop. A function outside any isolation: a closure could inherit an actor that is checked on entry.
private func runEventLoop(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    unsafe Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().run()
}
