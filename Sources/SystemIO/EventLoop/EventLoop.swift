// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc
internal import Synchronization

/// A thread that waits for descriptors and timers, and runs jobs: of tasks, of actors, and plain closures.
///
/// One turn is: wait · `ready` of each descriptor · timers that are due · jobs · flushes · jobs that these made. A turn
/// runs a bounded number of jobs, so a flood of them cannot keep the descriptors waiting. With nothing to do and no
/// timer set the thread sleeps indefinitely.
///
/// Any thread may call `execute`, `enqueue`, `run`, `stop` and `isCurrent`; everything else belongs to the loop and
/// traps elsewhere. The loop must outlive its tasks and actors, which do not retain it: a job that arrives after the
/// end never runs, so end the tasks before stopping the loop.
///
/// `@unchecked Sendable`: stored properties are of three kinds. Constants, and `Guarded` or `Atomic` values, which are
/// safe by themselves. And the state in `turn`, which is only reached through `own`, after the check that the caller is
/// the loop's thread, or by that thread itself inside `run`; there is one such thread, since `run` claims the loop
/// atomically.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    /// What belongs to the loop's thread alone.
    struct Turn {
        var registrations = RegistrationTable()
        var timers = TimerQueue<() -> Void>()
        var work = WorkQueue()
        var flushes: [any Flushable] = []
        /// Empty, and keeps its storage for the next flush.
        var spareFlushes: [any Flushable] = []
        /// The time of this turn, once it was read.
        var now: UInt64?
    }

    /// What other threads leave for the loop.
    struct Inbox {
        var work = WorkQueue()
        var isStopping = false
        var thread: csys_thread?
    }

    package let name: String
    let epoll: FileDescriptor
    let wakeup: FileDescriptor
    let spin: UInt64
    let inbox = Guarded(Inbox())
    /// Whether `inbox` has something for the loop; written under its lock.
    let hasMail = Atomic<Bool>(false)
    /// Whether the loop sleeps, or is about to, and needs a wakeup to see its mail.
    let isAsleep = Atomic<Bool>(false)
    /// The loop's thread, 0 while there is none.
    let owner = Atomic<UInt>(0)
    // Nothing that runs during an access to `turn` accesses it again. Debug builds check this; release builds do not,
    // because the check is a quarter of the cost of a job.
    #if DEBUG
        var turn = Turn()
    #else
        @exclusivity(unchecked) private var uncheckedTurn = Turn()
        var turn: Turn {
            _read { yield unsafe uncheckedTurn }
            _modify { yield unsafe &uncheckedTurn }
        }
    #endif

    /// A loop that does not run yet.
    ///
    /// - Parameters:
    ///   - name: The thread's name; `ps` shows its first 15 bytes.
    ///   - spin: How long to poll before sleeping, which trades processor time for latency.
    /// - Throws: If no descriptor is left.
    package init(name: String, spin: Duration = .zero) throws(SystemError) {
        self.name = name
        self.spin = spin.clampedNanoseconds
        let epoll = csys_epoll_create()
        guard epoll >= 0 else { throw .last("create an epoll descriptor") }
        self.epoll = FileDescriptor(adopting: epoll)
        let wakeup = csys_eventfd_create()
        guard wakeup >= 0 else { throw .last("create an eventfd") }
        self.wakeup = FileDescriptor(adopting: wakeup)
        // Edge-triggered: each signal is an event of its own, so the counter is never read.
        guard csys_epoll_add(epoll, wakeup, Interest.read.rawValue, true, Self.wakeupTag) == 0 else {
            throw .last("watch an eventfd")
        }
    }

    static let wakeupTag = UInt64.max

    /// Whether the caller runs on the loop's thread.
    package var isCurrent: Bool {
        owner.load(ordering: .relaxed) == UInt(csys_thread_self())
    }

    /// The state of the loop's thread. Traps on any other thread.
    var own: Turn {
        _read {
            precondition(isCurrent, "only the event loop's own thread may do this")
            yield turn
        }
        _modify {
            precondition(isCurrent, "only the event loop's own thread may do this")
            yield &turn
        }
    }
}

// Jobs.
extension EventLoop {
    /// Runs a closure on the loop, after those that were added before.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        add(.body(body))
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        add(.job(UnownedJob(job)))
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    package func asUnownedTaskExecutor() -> UnownedTaskExecutor {
        unsafe UnownedTaskExecutor(ordinary: self)
    }

    package func checkIsolated() {
        precondition(isCurrent, "not on the event loop \(name)")
    }

    package func isIsolatingCurrentContext() -> Bool? {
        isCurrent
    }

    /// Runs a closure on the loop and returns its result: at once if the caller is on the loop, otherwise after a hop.
    ///
    /// Cancelling the caller does not interrupt it.
    @discardableResult
    package func run<R: Sendable, E: Error>(_ body: @escaping @Sendable () throws(E) -> R) async throws(E) -> R {
        if isCurrent { return try body() }
        let result: Result<R, E> = await withTaskContinuation { continuation in
            execute {
                do throws(E) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    private func add(_ work: WorkQueue.Work) {
        if isCurrent {
            turn.work.append(work)
            return
        }
        inbox.withLock { inbox in
            inbox.work.append(work)
            hasMail.store(true, ordering: .sequentiallyConsistent)
        }
        wake()
    }

    /// Wakes the loop if it sleeps. Of all threads that leave mail during one sleep, one makes the system call.
    ///
    /// The caller has set `hasMail` before; the loop sets `isAsleep` and then reads `hasMail`. Both orders are
    /// sequentially consistent, so either the loop sees the mail or the caller sees that the loop sleeps.
    func wake() {
        if isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
            let result = csys_eventfd_signal(wakeup.rawValue)
            precondition(result == 0, "the event loop's eventfd is broken")
        }
    }
}

// Descriptors.
extension EventLoop {
    /// Calls `handler` whenever `fd` is ready for `interest`, and when its peer has gone.
    ///
    /// A hangup or an error is reported whatever the interest, in every turn until the registration ends. The loop
    /// retains the handler until then. End the registration before closing the descriptor.
    package func register(
        _ fd: Int32, interest: Interest, handler: any EventHandler
    ) throws(SystemError) -> Registration {
        let registration = own.registrations.insert(fd: fd, interest: interest, handler: handler)
        guard csys_epoll_add(epoll.rawValue, fd, Self.events(interest), false, registration.tag) == 0 else {
            let error = SystemError.last("watch a descriptor")
            _ = turn.registrations.remove(registration)
            throw error
        }
        return registration
    }

    /// Changes what a descriptor is watched for. Does nothing if the interest is the same.
    package func update(_ registration: Registration, interest: Interest) {
        guard let entry = own.registrations.entry(registration) else {
            preconditionFailure("a registration that has ended is updated")
        }
        guard entry.interest != interest else { return }
        let result = csys_epoll_modify(epoll.rawValue, entry.fd, Self.events(interest), registration.tag)
        precondition(result == 0, "a descriptor was closed before its registration ended")
        turn.registrations.setInterest(interest, of: registration)
    }

    /// Ends a registration: its handler is not called again, not even for an event that was fetched before.
    package func deregister(_ registration: Registration) {
        guard let entry = own.registrations.entry(registration) else {
            preconditionFailure("a registration ends twice")
        }
        let result = csys_epoll_remove(epoll.rawValue, entry.fd)
        precondition(result == 0, "a descriptor was closed before its registration ended")
        let handler = turn.registrations.remove(registration)
        withExtendedLifetime(handler) {}
    }

    /// A handler that does not read is not notified of a peer that stopped writing: it could not act on it, and would be
    /// notified in every turn.
    private static func events(_ interest: Interest) -> UInt32 {
        interest.contains(.read) ? interest.rawValue | ReadyEvents.peerClosedWrite.rawValue : interest.rawValue
    }
}

// Time, and the end of a turn.
extension EventLoop {
    /// The monotonic time of this turn, which is read once, on first use.
    package var nowNanoseconds: UInt64 {
        if let now = own.now { return now }
        let now = MonotonicClock.nowNanoseconds
        turn.now = now
        return now
    }

    /// Calls `body` on the loop when `delay` has passed since this turn's time; never before the next turn's timers.
    @discardableResult
    package func schedule(after delay: Duration, _ body: @escaping () -> Void) -> TimerToken {
        schedule(at: nowNanoseconds.addingSaturated(delay.clampedNanoseconds), body)
    }

    /// Calls `body` on the loop when the monotonic clock has reached `deadline`.
    @discardableResult
    package func schedule(at deadline: UInt64, _ body: @escaping () -> Void) -> TimerToken {
        own.timers.add(deadline: deadline, body)
    }

    /// Cancels a timer. Does nothing if it has fired or was cancelled.
    package func cancel(_ token: TimerToken) {
        let body = own.timers.cancel(token)
        withExtendedLifetime(body) {}
    }

    /// Calls `flush` once at the end of this turn. A caller that asks twice is called twice.
    package func flushLater(_ flushable: any Flushable) {
        own.flushes.append(flushable)
    }
}
