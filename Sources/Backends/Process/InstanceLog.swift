// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import SystemIO

/// What one instance writes: two files of its own, and the newest lines in memory.
///
/// The instance writes to the files itself, so that its output does not depend on the daemon. The daemon hears of each write and
/// reads along; a file that gets too long is started anew, so that the disk does not fill.
package final class InstanceLog: LogSource {
    /// Where a file is started anew.
    package static let fileLimit: Int64 = 8 << 20
    /// What the lines in memory may have together.
    static let tailLimit = 256 << 10

    struct State {
        var contents: LogContents
        /// What those look through that wait for a text; nil where none waits.
        var search: LogSearch?
        var lastWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var isOver = false
        /// Whether a process was started that writes to the files.
        var hasRun = false
        /// Grows with whatever is read, so that a waiter sees that it has missed nothing.
        var changes: UInt64 = 0
        /// What keeps the output from its files.
        var faults: [LogReader.Fault: String] = [:]
        /// Why the output is not kept in its files.
        var failure: BackendFailure?
        var onChange: @Sendable (BackendFailure?) -> Void = { _ in }
        /// Whether what an earlier run of the daemon has left was read.
        var isRecovered = false
        /// How much of each file was read: a process of an earlier run that lives on may write more before the next one.
        var positions: [LogLine.Stream: Int64] = [:]

        init(instance: String) {
            contents = LogContents(instance: instance, limit: InstanceLog.tailLimit)
        }
    }

    package let instance: String
    package let model: String?
    /// What the names of its files begin with.
    let fileBase: String
    let host: BackendHost
    private let fileLimit: Int64
    let state: Guarded<State>
    /// What reads along, while the instance runs.
    private let reader = Guarded<LoopBound<LogReader>?>(nil)

    package init(
        instance: String, model: String?, host: BackendHost, fileLimit: Int64 = InstanceLog.fileLimit,
        fileBase: String? = nil
    ) {
        self.instance = instance
        state = Guarded(State(instance: instance))
        self.fileBase = fileBase ?? FileName.encoded(instance)
        self.model = model
        self.host = host
        self.fileLimit = fileLimit
    }

    /// The file of a stream.
    package func path(of stream: LogLine.Stream) -> String { "\(host.logDirectory)/\(fileName(of: stream))" }

    func fileName(of stream: LogLine.Stream) -> String {
        fileBase + (stream == .standardOutput ? ".stdout.log" : ".stderr.log")
    }

    /// Deletes the files of an instance that is gone for good, as many instances may come and go.
    func removeFiles() {
        guard let directory = try? Directory.trusted(host.logDirectory) else { return }
        for stream in [LogLine.Stream.standardOutput, .standardError] {
            for suffix in ["", ".1"] { try? directory.remove(fileName(of: stream) + suffix) }
        }
    }

    /// Opens the files, for the instance to write to, and begins to read along.
    ///
    /// `searches` tells how often ``hasText(where:)`` is called for what is written from now on.
    package func open(searches: Int = 0) async throws(BackendError) -> LogFiles {
        do throws(SystemError) {
            // Behind the removal of what a deleted backend of the name has left.
            try await recover()
        } catch {
            throw .cannotSupervise(instance, error)
        }
        do throws(SystemError) {
            let directory = try Directory.trusted(host.logDirectory, creating: true)
            let output = try directory.openForAppending(fileName(of: .standardOutput))
            let error = try directory.openForAppending(fileName(of: .standardError))
            state.withLock { state in
                state.search =
                    searches > 0 ? LogSearch(instance: instance, waiters: searches, limit: Self.tailLimit) : nil
            }
            try await readAlong()
            return LogFiles(output: output, error: error)
        } catch {
            throw .directoryUnusable(instance, "cannot keep its output", error, key: "log_directory")
        }
    }

    /// A process that writes to the files was started.
    func began() { state.withLock { $0.hasRun = true } }

    private func readAlong() async throws(SystemError) {
        state.withLock { $0.isOver = false }
        if reader.withLock({ $0 != nil }) { return }
        let positions = state.withLock { $0.positions }
        let loop = try host.loop()
        let (directory, output, error) = (
            host.logDirectory, fileName(of: .standardOutput), fileName(of: .standardError)
        )
        let watcher = try await host.fileWatcher()
        let made = try await loop.run { () throws(SystemError) -> LoopBound<LogReader> in
            let reader = try watcher.withValue { (watcher) throws(SystemError) in
                try LogReader(
                    output, error, in: try Directory.trusted(directory), limit: self.fileLimit,
                    from: positions, watcher: watcher, loop: loop, disk: self.host.disk, quiet: self.host.quiet,
                    listener: self.listener)
            }
            return LoopBound(reader, on: loop)
        }
        reader.withLock { $0 = made }
    }

    /// Reads what an earlier run of the daemon has left, once and before anything else is read.
    func recover() async throws(SystemError) {
        let loop = try host.loop()
        // On the loop, so once.
        await loop.run {
            guard !self.state.withLock({ $0.isRecovered }) else { return }
            let (lines, positions) = self.remains()
            self.change { state in
                (state.isRecovered, state.positions) = (true, positions)
                for line in lines { state.contents.append(line) }
            }
        }
    }

    /// Reads what the files have now: called before the last lines are looked at.
    package func catchUp() async {
        guard let reader = reader.withLock({ $0 }) else { return }
        await reader.loop.run { reader.withValue { $0.readAll() } }
    }

    /// Ends the reading, once the instance has ended; the lines stay.
    package func pause() async {
        guard let reader = reader.withLock({ $0.take() }) else { return }
        await reader.loop.run {
            reader.withValue { reader in
                reader.readAll()
                reader.close()
                self.state.withLock { $0.positions = reader.positions }
            }
        }
    }

    /// The instance is gone for good: whoever follows is told.
    package func close() async {
        await pause()
        let waiters = state.withLock { state in
            state.isOver = true
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    private var listener: LogReader.Listener {
        LogReader.Listener(
            read: { [weak self] in self?.take($0) },
            quiet: { [weak self] (stream) in self?.change { $0.contents.rest(stream) } },
            fault: { [weak self] in self?.tell($0, $1) })
    }

    private func take(_ part: LogReader.Part) {
        let (now, instance) = (host.clock.now(), instance)
        change { state in
            for text in part.lines {
                state.contents.append(LogLine(instance: instance, stream: part.stream, time: now, text: text))
            }
            state.contents.begin(part.beginning, of: part.stream, at: now)
            state.search?.take(part.bytes, from: part.stream, at: now)
        }
    }

    /// Puts words of the daemon among the lines in memory.
    private func say(_ words: String) {
        let line = LogLine(
            instance: instance, stream: .standardError, time: host.clock.now(), text: "backendd: \(words)")
        change { $0.contents.append(line) }
    }

    /// Changes what waiters wait for, and wakes them.
    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            state.changes += 1
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Says once that the files cannot be kept, and once that they can again, in the daemon's log and among the lines in memory.
    private func tell(_ kind: LogReader.Fault, _ fault: String?) {
        let told = state.withLock { state -> (@Sendable (BackendFailure?) -> Void)? in
            let wasWell = state.faults.isEmpty
            state.faults[kind] = fault
            guard wasWell != state.faults.isEmpty else { return nil }
            state.failure = fault.map {
                BackendFailure(reason: "LOG_NOT_KEPT", message: "its output is not kept in its files: \($0)")
            }
            return state.onChange
        }
        guard let told else { return }
        defer { told(failure) }
        let metadata: Logger.Metadata = ["instance": "\(instance)", "path": "\(path(of: .standardError))"]
        if let fault {
            say("this output is not kept in its file: \(fault)")
            host.log.warning(
                "the output of an instance is not kept in its files",
                metadata: metadata.merging(["error": "\(fault)"]) { $1 })
        } else {
            say("this output is kept in its file again")
            host.log.notice("the output of an instance is kept in its files again", metadata: metadata)
        }
    }
}
