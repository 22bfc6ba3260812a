// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
package import SystemIO

/// The output of one instance: two files, and the newest lines in memory.
///
/// The shim of the instance writes the files, and rotates them, so that the output does not depend on the daemon and the disk does not
/// fill. The daemon is notified of each write and reads what is new.
package final class InstanceLog: LogSource {
    /// The most bytes that all lines in memory take.
    static let tailLimit = 256 << 10

    struct State {
        var contents: LogContents
        /// The texts that probes search; nil when none searches.
        var search: LogSearch?
        /// Set at the next change; nil while no reader waits.
        private var nextChange: Announcement<Void>?
        var isOver = false
        /// Whether a process that writes to the files was started.
        var hasRun = false
        /// What keeps the output from its files.
        var faults: [LogReader.Fault: String] = [:]
        /// Why the output is not kept in its files.
        var failure: BackendFailure?
        /// The bytes of output that the last run has lost.
        var lostBytes: UInt64 = 0
        var onChange: @Sendable (BackendFailure?) -> Void = { _ in }
        /// Whether the output of an earlier run of the daemon was read.
        var isRecovered = false
        var start: [LogLine.Stream: LogPlace] = [:]
        /// How much of each file was read. A process of an earlier run that is still alive may write more before the next run.
        var positions: [LogLine.Stream: Int64] = [:]

        var directory: String

        init(instance: String, directory: String) {
            self.directory = directory
            contents = LogContents(instance: instance, limit: InstanceLog.tailLimit)
        }

        mutating func awaitedChange() -> Announcement<Void> {
            if let nextChange { return nextChange }
            let change = Announcement<Void>()
            nextChange = change
            return change
        }

        mutating func takeAwaitedChange() -> Announcement<Void>? { nextChange.take() }
    }

    package let instance: String
    package let model: String?
    /// The beginning of the names of its files.
    let fileBase: String
    let supervision: Supervision
    let state: Guarded<State>
    /// Reads the files while the instance runs.
    private let reader = Guarded<LoopBound<LogReader>?>(nil)

    package init(
        instance: String, model: String?, supervision: Supervision, fileBase: String? = nil
    ) {
        self.instance = instance
        state = Guarded(State(instance: instance, directory: supervision.logDirectory))
        self.fileBase = fileBase ?? FileName.encoded(instance)
        self.model = model
        self.supervision = supervision
    }

    /// The directory of its files.
    package var directory: String { state.withLock { $0.directory } }

    /// The path of a stream's file.
    package func path(of stream: LogLine.Stream) -> String { "\(directory)/\(fileName(of: stream))" }

    func fileName(of stream: LogLine.Stream) -> String {
        fileBase + (stream == .standardOutput ? ".stdout.log" : ".stderr.log")
    }

    /// Deletes the files. Call when the instance has ended for good.
    func removeFiles() {
        guard let directory = try? Directory.trusted(directory) else { return }
        for file in (try? directory.names()) ?? [] where Self.base(of: file) == fileBase { try? directory.remove(file) }
    }

    /// Creates the files if they are missing, and begins to read them.
    ///
    /// - Parameters:
    ///   - searches: The number of calls of ``hasText(where:)`` for the output of the run.
    ///   - start: Where the output of a run begins that an earlier daemon has started and that goes on; nil for a run that is about to begin.
    ///   - place: The directory of the files of such a run; empty: that of the configuration.
    /// - Returns: The position before the first line of the run.
    /// - Throws: Why the output cannot be kept or read.
    @discardableResult
    package func open(
        searches: Int = 0, continuing start: [LogLine.Stream: LogPlace]? = nil, in place: String = ""
    ) async throws(BackendError) -> UInt64 {
        state.withLock { state in
            let place = place.isEmpty ? supervision.logDirectory : place
            if state.directory != place { (state.directory, state.positions) = (place, [:]) }
        }
        let recovered: LogRemains?
        do throws(SystemError) {
            // Runs after the removal of the files of a deleted backend of the same name.
            recovered = try await recover(after: start ?? [:])
        } catch {
            throw .cannotSupervise(instance, error)
        }
        do throws(SystemError) {
            let directory = try Directory.trusted(self.directory, creating: true)
            let output = try directory.openForAppending(fileName(of: .standardOutput))
            let error = try directory.openForAppending(fileName(of: .standardError))
            if start == nil {
                endLastLine(of: .standardOutput, output, in: directory)
                endLastLine(of: .standardError, error, in: directory)
            }
            let places = [
                LogLine.Stream.standardOutput: try LogPlace(endOf: output), .standardError: try LogPlace(endOf: error),
            ]
            let now = supervision.clock.now()
            state.withLock { state in
                state.start = start ?? places
                state.lostBytes = 0
                state.search =
                    searches > 0 ? LogSearch(instance: instance, waiters: searches, limit: Self.tailLimit) : nil
                for (stream, bytes) in recovered?.bytes ?? [:] { state.search?.take(bytes, from: stream, at: now) }
            }
            try await beginReading()
        } catch {
            throw .directoryUnusable(instance, "cannot keep its output", error, key: "log_directory")
        }
        let end = end
        return start == nil ? end : end - UInt64(clamping: recovered?.lines.count ?? 0)
    }

    /// Ends an unfinished line that an earlier process left, so that it does not become the beginning of the next one's first line.
    private func endLastLine(
        of stream: LogLine.Stream, _ file: borrowing FileDescriptor, in directory: borrowing Directory
    ) {
        // If the disk is full, the lines stay joined.
        guard let last = try? LogFile.remains(of: fileName(of: stream), in: directory, atMost: 1), last.end > 0,
            last.bytes.last.map({ $0 != UInt8(ascii: "\n") }) == true,
            (try? file.writeAll([UInt8(ascii: "\n")])) != nil
        else { return }
        // The line was taken as finished when its process ended.
        state.withLock { state in
            if state.positions[stream] == last.end { state.positions[stream] = last.end + 1 }
        }
    }

    /// Where the output of the last run begins.
    var start: [LogLine.Stream: LogPlace] { state.withLock { $0.start } }

    /// Call when a process that writes to the files was started.
    func began() { state.withLock { $0.hasRun = true } }

    private func beginReading() async throws(SystemError) {
        state.withLock { $0.isOver = false }
        if reader.withLock({ $0 != nil }) { return }
        let positions = state.withLock { $0.positions }
        let loop = try supervision.loop()
        let (directory, output, error) = (
            self.directory, fileName(of: .standardOutput), fileName(of: .standardError)
        )
        let watcher = try await supervision.fileWatcher()
        let made = try await loop.run { () throws(SystemError) -> LoopBound<LogReader> in
            let reader = try watcher.withValue { (watcher) throws(SystemError) in
                try LogReader(
                    output, error, in: try Directory.trusted(directory), from: positions, watcher: watcher, loop: loop,
                    quiet: self.supervision.quiet, listener: self.listener)
            }
            return LoopBound(reader, on: loop)
        }
        reader.withLock { $0 = made }
    }

    /// Reads the output of an earlier run of the daemon, once and before anything else is read. Returns that of a run that goes on, whose
    /// lines come last.
    @discardableResult
    func recover(after start: [LogLine.Stream: LogPlace] = [:]) async throws(SystemError) -> LogRemains? {
        let loop = try supervision.loop()
        // On the loop alone, so once.
        return await loop.run {
            guard !self.state.withLock({ $0.isRecovered }) else { return nil }
            let remains = self.remains(after: start)
            self.change { state in
                (state.isRecovered, state.positions) = (true, remains.positions)
                for line in remains.earlierLines + remains.lines { state.contents.append(line) }
            }
            return remains
        }
    }

    /// Reads the files to their ends. Call before looking at the last lines.
    package func catchUp() async {
        guard let reader = reader.withLock({ $0 }) else { return }
        await reader.loop.run { reader.withValue { $0.readAll() } }
    }

    /// Ends the reading when the instance has ended. The lines stay in memory.
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

    /// Ends the reading for good, and wakes readers that follow.
    package func close() async {
        await pause()
        change { $0.isOver = true }
    }

    private var listener: LogReader.Listener {
        LogReader.Listener(
            read: { [weak self] in self?.take($0) },
            quiet: { [weak self] (stream) in self?.change { $0.contents.rest(stream) } },
            fault: { [weak self] in self?.faultChanged($0, $1) })
    }

    private func take(_ part: LogReader.Part) {
        let (now, instance) = (supervision.clock.now(), instance)
        change { state in
            for text in part.lines {
                state.contents.append(LogLine(instance: instance, stream: part.stream, time: now, text: text))
            }
            state.contents.begin(part.beginning, of: part.stream, at: now)
            state.search?.take(part.bytes, from: part.stream, at: now)
        }
    }

    /// Takes note that the shim drops output, or keeps it again.
    package func lossChanged(_ loss: LogLoss?) {
        let (grown, wasMissed) = state.withLock { state -> (UInt64, Bool) in
            guard let loss, loss.bytes > state.lostBytes else { return (0, false) }
            defer { state.lostBytes = loss.bytes }
            return (loss.bytes - state.lostBytes, loss.cause == nil && state.faults[.writing] == nil)
        }
        supervision.outputWasLost(grown)
        // Told although it is over: no daemon ran then, or it was too short to be seen.
        if wasMissed { faultChanged(.writing, "\(loss?.bytes ?? 0) bytes of it were lost") }
        faultChanged(
            .writing, loss?.cause.map { cause in cause.writeRemedy.map { "\(cause): \($0)" } ?? "\(cause)" })
    }

    /// Adds a line of the daemon to the lines in memory.
    private func say(_ message: String) {
        let line = LogLine(
            instance: instance, stream: .standardError, time: supervision.clock.now(), text: "backendd: \(message)")
        change { $0.contents.append(line) }
    }

    /// Changes what readers wait for, and wakes them.
    private func change(_ body: (inout State) -> Void) {
        let change = state.withLock { state in
            body(&state)
            return state.takeAwaitedChange()
        }
        change?.set(())
    }

    /// Reports the loss of the files once, and their return once: in the daemon's log and among the lines in memory.
    private func faultChanged(_ kind: LogReader.Fault, _ fault: String?) {
        let onChange = state.withLock { state -> (@Sendable (BackendFailure?) -> Void)? in
            let wasWell = state.faults.isEmpty
            state.faults[kind] = fault
            guard wasWell != state.faults.isEmpty else { return nil }
            state.failure = fault.map {
                BackendFailure(.logNotKept, "its output is not kept in its files: \($0)")
            }
            return state.onChange
        }
        guard let onChange else { return }
        defer { onChange(failure) }
        let metadata: Logger.Metadata = ["instance": "\(instance)", "path": "\(path(of: .standardError))"]
        if let fault {
            say("this output is not kept in its file: \(fault)")
            supervision.log.warning(
                "the output of an instance is not kept in its files",
                metadata: metadata.merging(["error": "\(fault)"]) { $1 })
        } else {
            say("this output is kept in its file again")
            supervision.log.notice("the output of an instance is kept in its files again", metadata: metadata)
        }
    }
}
