// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import Logging
internal import SocketRPC
internal import SystemIO

/// The processes of one run of an instance, below a shim: this daemon has started the shim, or has adopted it.
///
/// What the shim records in the directory of the run is read whenever it changes, and once more when the shim has ended. A shim that ends
/// without having recorded that nothing is left was killed: what it leaves behind is killed too.
final class ShimTree: ProcessTree {
    /// What became of the start.
    enum Start: Sendable {
        case running(Int32)
        case failed(ShimFailure)
        /// The shim could not note why.
        case failedUnnoted(ShimFailure)
        /// The shim was killed before.
        case lost
    }

    private struct State {
        var intent: ShimIntent
        /// The note that was last written, and whether a newer one could not be.
        var keptIntent: ShimIntent?
        var isNoteDelayed = false
        var leader: Int32?
        var hasShimEnded = false
        var isForgotten = false
        var loss: LogLoss?
        var logChanged: @Sendable (LogLoss?) -> Void = { _ in }
        /// What the tree used when it was last measured.
        var measured: (time: Duration, usage: TreeUsage)?
    }

    private let directory: RunDirectory
    private let shim: RunningShim
    private let life: FileDescriptor?
    private let group: Cgroup?
    private let supervision: Supervision
    private let state: Guarded<State>
    private let started = Announcement<Start>()
    private let status = Announcement<ChildProcess.Status>()
    private let gone = Announcement<Void>()

    init(
        _ intent: ShimIntent, in directory: consuming RunDirectory, shim: consuming RunningShim,
        life: consuming FileDescriptor?, group: Cgroup?, supervision: Supervision
    ) {
        self.directory = directory
        self.shim = shim
        self.life = life
        self.group = group
        self.supervision = supervision
        state = Guarded(State(intent: intent, keptIntent: intent))
    }

    /// Begins to follow the shim.
    func watch() async throws(SystemError) {
        let watcher = try await supervision.fileWatcher()
        try await watcher.loop.run { () throws(SystemError) in
            let loop = watcher.loop
            // Without a watch the records are looked at from time to time.
            let watch = watcher.withValue { watcher in
                try? watcher.watchNames(of: self.directory.path) { [weak self] in self?.look() }
            }
            do throws(SystemError) {
                // The loop holds the watch until the process has ended.
                try self.shim.watch(on: loop) {
                    if let watch { watcher.withValue { $0.end(watch) } }
                    self.shimEnded()
                }
            } catch {
                if let watch { watcher.withValue { $0.end(watch) } }
                throw error
            }
            if watch == nil { self.keepLooking(on: loop) }
            self.look()
        }
    }

    /// Waits until the program runs, or could not be started; nil if that takes longer than any program needs. A cancelled task goes on.
    func start() async -> Start? {
        await Background.task {
            await firstOf(
                { await self.started.value() },
                {
                    try? await Background.sleep(for: Self.startLimit)
                    return nil
                })
        }.value
    }

    private static let startLimit = Duration.seconds(30)

    private static let lookPeriod = Duration.milliseconds(100)

    private func keepLooking(on loop: EventLoop) {
        loop.schedule(after: Self.lookPeriod) { [weak self] in
            guard let self, !self.state.withLock({ $0.hasShimEnded }) else { return }
            self.look()
            self.keepLooking(on: loop)
        }
    }

    // MARK: What the shim records

    /// Reads the records, on the supervising loop.
    private func look() {
        if let running = directory.running() {
            if running.phase == .running, let leader = running.leader { take(Int32(clamping: leader.pid)) }
            take(lossOf: running.droppedBytes, running.logError)
        }
        guard let exit = directory.exit() else { return }
        take(lossOf: exit.droppedBytes)
        if let failure = exit.failure { started.set(.failed(failure)) }
        if let status = exit.status { self.status.set(status) }
    }

    private func take(_ leader: Int32) {
        guard started.current == nil else { return }
        guard isPlausible(leader) else {
            supervision.log.error(
                "the record of a run names a process that is not its own; the run is ended",
                metadata: ["instance": "\(state.withLock { $0.intent.instance })", "pid": "\(leader)"])
            started.set(.lost)
            return
        }
        state.withLock { $0.leader = leader }
        started.set(.running(leader))
        wakeShim(atEndOf: leader)
    }

    /// A shim that was stopped by a signal does not see the end of the program.
    private func wakeShim(atEndOf leader: Int32) {
        guard let loop = try? supervision.loop(), let program = try? ProcessHandle(pid: leader) else { return }
        _ = try? program.watch(on: loop) { [weak self] in self?.wake() }
    }

    /// False if the process is another one than that of the shim, which keeps it as its child for as long as it lives.
    private func isPlausible(_ leader: Int32) -> Bool {
        guard let entry = ProcessTable.entry(of: leader), entry.parent != shim.pid else { return true }
        // In this order: the child of a shim that has just ended gets another parent.
        return ProcessTable.entry(of: shim.pid)?.isZombie ?? true
    }

    private func take(lossOf bytes: UInt64, _ error: UInt32 = 0) {
        let directory = state.withLock { $0.intent.logDirectory }
        let cause =
            error == 0
            ? nil : SystemError(code: Int32(clamping: error), call: "write its output to files in", subject: directory)
        let loss = bytes == 0 && cause == nil ? nil : LogLoss(cause: cause, bytes: bytes)
        let changed = state.withLock { state -> (@Sendable (LogLoss?) -> Void)? in
            guard state.loss != loss else { return nil }
            state.loss = loss
            return state.logChanged
        }
        changed?(loss)
    }

    private func shimEnded() {
        look()
        let code = shim.reap().flatMap { if case .exited(let code) = $0 { code } else { nil } }
        let isCleared = directory.exit()?.cleared == true
        let intent = state.withLock { state in
            state.hasShimEnded = true
            return state.intent
        }
        if let code, let failure = ShimFailure(exitCode: code) { started.set(.failedUnnoted(failure)) }
        started.set(.lost)
        status.set(.signaled(.kill))
        if isCleared {
            isGone()
            return
        }
        Background.task {
            await self.sweep(intent)
            self.isGone()
        }
    }

    private func isGone() {
        group?.remove()
        gone.set(())
    }

    /// Kills what a killed shim has left.
    private func sweep(_ intent: ShimIntent) async {
        let mark = intent.processMark
        await ProcessSweep(log: supervision.log).run(intent.instance, in: group) { (entry) throws(SystemError) in
            try mark.isOn(entry.pid)
        }
    }
}

// MARK: Waiting and ending

extension ShimTree {
    /// How long a shim may take to kill its tree.
    private static let killLimit = Duration.seconds(10)
    /// How long the death of a killed shim may take to be seen.
    private static let deathLimit = Duration.seconds(1)

    var pid: Int32 { state.withLock { $0.leader } ?? 0 }

    var hasEnded: Bool { status.current != nil }

    func exit() async -> ChildProcess.Status? { await status.value() }

    func end(signal: Signal?, timeout: Duration) async {
        if timeout > .zero, !Task.isCancelled, gone.current == nil {
            ask(.end(ShimEnd(signal, within: timeout)))
            await firstOf({ _ = await self.gone.value() }, { try? await Background.sleep(for: timeout) })
        }
        await clear()
    }

    func clear() async {
        guard gone.current == nil else { return }
        ask(.end(ShimEnd(nil, within: .zero)))
        // As a task of its own, so that it also waits when the caller was cancelled.
        await Background.task {
            await firstOf({ _ = await self.gone.value() }, { try? await Background.sleep(for: Self.killLimit) })
            if self.gone.current != nil { return }
            self.supervision.log.warning(
                "a shim does not answer; it is killed, and its processes after it",
                metadata: ["instance": "\(self.state.withLock { $0.intent.instance })", "pid": "\(self.shim.pid)"])
            await self.kill()
        }.value
    }

    /// Kills the shim, also one that cannot be followed, and what it leaves.
    func kill() async {
        shim.signal(.kill)
        await firstOf({ _ = await self.gone.value() }, { try? await Background.sleep(for: Self.deathLimit) })
        guard gone.current == nil else { return }
        shim.reap()
        await sweep(state.withLock { $0.intent })
        started.set(.lost)
        status.set(.signaled(.kill))
        isGone()
    }

    /// Sends a command to the shim; one that has ended does not receive it.
    func ask(_ kind: ShimCommand.Kind) {
        guard let message = try? ShimCommand(kind: kind).encoded(), message.count <= UInt8.max else { return }
        _ = life?.writeMessage([UInt8(message.count)] + message)
        wake()
    }

    func wake() { shim.signal(.continue) }

    func note(_ note: InstanceNote) async {
        let changed = state.withLock { state -> (ShimIntent, isPolicyChanged: Bool)? in
            guard !state.isForgotten else { return nil }
            let intent = ShimIntent(
                note, mark: state.intent.processMark, group: state.intent.group.isEmpty ? nil : state.intent.group)
            guard intent != state.intent else { return nil }
            defer { state.intent = intent }
            return (intent, intent.onDaemonExit != state.intent.onDaemonExit)
        }
        guard let (intent, isPolicyChanged) = changed else { return }
        if isPolicyChanged { ask(.onDaemonExit(intent.onDaemonExit)) }
        guard let loop = try? supervision.loop() else { return }
        await loop.run { self.keepNote(on: loop) }
    }

    private static let notePeriod = Duration.seconds(1)

    /// Writes the note, on the supervising loop; if that is not possible now, again and again until it is, or the run is over.
    private func keepNote(on loop: EventLoop, isRetry: Bool = false) {
        let intent = state.withLock { state in
            state.isForgotten || state.keptIntent == state.intent ? nil : state.intent
        }
        guard let intent else { return }
        do throws(SystemError) {
            try directory.write(intent)
            let wasDelayed = state.withLock { state in
                defer { (state.keptIntent, state.isNoteDelayed) = (intent, false) }
                return state.isNoteDelayed
            }
            if wasDelayed { noteChanged("the notes about an instance for the next daemon are written again") }
        } catch {
            let isNew = state.withLock { state in
                defer { state.isNoteDelayed = true }
                return !state.isNoteDelayed
            }
            if isNew { noteChanged("the notes about an instance for the next daemon cannot be written", error) }
            guard isNew || isRetry else { return }
            loop.schedule(after: Self.notePeriod) { [weak self] in self?.keepNote(on: loop, isRetry: true) }
        }
    }

    private func noteChanged(_ message: String, _ error: SystemError? = nil) {
        var metadata: Logger.Metadata = ["instance": "\(state.withLock { $0.intent.instance })"]
        if let error { metadata["error"] = "\(error)" }
        supervision.log.log(level: error == nil ? .notice : .warning, "\(message)", metadata: metadata)
    }

    func onLogChange(_ body: @escaping @Sendable (LogLoss?) -> Void) {
        let loss = state.withLock { state in
            state.logChanged = body
            return state.loss
        }
        if loss != nil { body(loss) }
    }

    func forget() async {
        state.withLock { $0.isForgotten = true }
        // After a note that is being written.
        await (try? supervision.loop())?.run {
            do throws(SystemError) {
                try self.directory.remove()
            } catch {
                self.noteChanged("the directory of a run cannot be removed", error)
            }
        }
    }
}

// MARK: Looking

extension ShimTree {
    func members() -> [ProcessTable.Entry]? { (try? ProcessTable.read()).map { members(in: $0) } }

    /// The descendants of the shim, which gets every orphan among them.
    private func members(in table: [ProcessTable.Entry]) -> [ProcessTable.Entry] {
        if state.withLock({ $0.hasShimEnded }) { return [] }
        var tree: Set<Int32> = [shim.pid]
        var count = 0
        while count != tree.count {
            count = tree.count
            for entry in table where tree.contains(entry.parent) { tree.insert(entry.pid) }
        }
        return table.filter { $0.pid != shim.pid && tree.contains($0.pid) && !$0.isZombie }
    }

    var usage: TreeUsage {
        hasEnded ? TreeUsage() : state.withLock { $0.measured }?.usage ?? TreeUsage()
    }

    var isMeasuringDue: Bool {
        guard !hasEnded else { return false }
        return state.withLock { $0.measured }.map { supervision.clock.uptime() - $0.time >= .seconds(1) } ?? true
    }

    func measure() {
        guard isMeasuringDue, let table = try? supervision.tables.processes(with: pid) else { return }
        let (now, usage) = (supervision.clock.uptime(), TreeUsage(of: members(in: table)))
        state.withLock { $0.measured = (now, usage) }
    }
}
