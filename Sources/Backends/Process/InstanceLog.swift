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
    private static let page = 2048

    private struct State {
        var tail = LogTail(limit: InstanceLog.tailLimit)
        var lastWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var isOver = false
        /// Grows with whatever is read, so that a waiter sees that it has missed nothing.
        var changes: UInt64 = 0
        /// The lines that were begun and have no end yet.
        var beginnings: [LogLine.Stream: String] = [:]
        /// What keeps the output from its files.
        var faults: [LogReader.Fault: String] = [:]
        /// The position of the first line of the process that runs now.
        var startOfRun: UInt64 = 0
        /// Whether what an earlier run of the daemon has left was read.
        var isRecovered = false
    }

    package let instance: String
    package let model: String?
    /// What the names of its files begin with.
    let fileBase: String
    let host: BackendHost
    private let fileLimit: Int64
    private let state = Guarded(State())
    /// What reads along, while the instance runs.
    private let reader = Guarded<LoopBound<LogReader>?>(nil)

    package init(
        instance: String, model: String?, host: BackendHost, fileLimit: Int64 = InstanceLog.fileLimit,
        fileBase: String? = nil
    ) {
        self.instance = instance
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
    package func open() async throws(BackendError) -> LogFiles {
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
            try await readAlong()
            return LogFiles(output: output, error: error)
        } catch {
            throw .directoryUnusable(instance, "cannot keep its output", error, key: "log_directory")
        }
    }

    private func readAlong() async throws(SystemError) {
        state.withLock { ($0.startOfRun, $0.isOver) = ($0.tail.end, false) }
        if reader.withLock({ $0 != nil }) { return }
        let loop = try host.loop()
        let (directory, output, error) = (
            host.logDirectory, fileName(of: .standardOutput), fileName(of: .standardError)
        )
        let watcher = try await host.fileWatcher()
        let made = try await loop.run { () throws(SystemError) -> LoopBound<LogReader> in
            let reader = try watcher.withValue { (watcher) throws(SystemError) in
                try LogReader(
                    output, error, in: try Directory.trusted(directory), limit: self.fileLimit, watcher: watcher,
                    loop: loop, listener: self.listener)
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
            let lines = self.remains()
            self.change { state in
                state.isRecovered = true
                for line in lines { state.tail.append(line) }
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
            lines: { [weak self] in self?.take($0, $1) },
            beginning: { [weak self] (text, stream) in self?.change { $0.beginnings[stream] = text } },
            fault: { [weak self] in self?.tell($0, $1) })
    }

    private func take(_ lines: [String], _ stream: LogLine.Stream) {
        guard !lines.isEmpty else { return }
        let (now, instance) = (host.clock.now(), instance)
        change { state in
            for text in lines {
                state.tail.append(LogLine(instance: instance, stream: stream, time: now, text: text))
            }
        }
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
        let hasChanged = state.withLock { state in
            let wasWell = state.faults.isEmpty
            state.faults[kind] = fault
            return wasWell != state.faults.isEmpty
        }
        guard hasChanged else { return }
        let metadata: Logger.Metadata = ["instance": "\(instance)", "path": "\(path(of: .standardError))"]
        if let fault {
            take(["backendd: this output is not kept in its file: \(fault)"], .standardError)
            host.log.warning(
                "the output of an instance is not kept in its files",
                metadata: metadata.merging(["error": "\(fault)"]) { $1 })
        } else {
            take(["backendd: this output is kept in its file again"], .standardError)
            host.log.notice("the output of an instance is kept in its files again", metadata: metadata)
        }
    }
}

// MARK: Reading

extension InstanceLog {
    /// The position of the first line since the files were opened last.
    var startOfRun: UInt64 { state.withLock { $0.startOfRun } }

    /// The position after the newest line.
    package var end: UInt64 { state.withLock { $0.tail.end } }

    package func tail(lines: Int) -> (lines: [LogLine], position: UInt64) {
        state.withLock { ($0.tail.newest(lines), $0.tail.end) }
    }

    /// The newest lines of standard error after a position, oldest first.
    package func lastErrorLines(_ count: Int, after position: UInt64 = 0) -> [String] {
        let lines = state.withLock { $0.tail.lines(after: position, atMost: .max).lines }
        return lines.filter { $0.stream == .standardError }.suffix(count).map(\.text)
    }

    package func lines(
        after position: UInt64
    ) async throws(CancellationError) -> (lines: [LogLine], position: UInt64) {
        while true {
            let (page, isOver, changes) = state.withLock { state in
                (state.tail.lines(after: position, atMost: Self.page), state.isOver, state.changes)
            }
            if !page.lines.isEmpty || isOver { return page }
            await wait(after: changes)
            if Task.isCancelled { throw CancellationError() }
        }
    }

    /// Waits for a line after a position that fits, also one that has no end yet. False where there will be none.
    func hasLine(after position: UInt64, where fits: (String) -> Bool) async -> Bool {
        var position = position
        while !Task.isCancelled {
            let (page, beginnings, isOver, changes) = state.withLock { state in
                (
                    state.tail.lines(after: position, atMost: Self.page), Array(state.beginnings.values), state.isOver,
                    state.changes
                )
            }
            if page.lines.contains(where: { fits($0.text) }) || beginnings.contains(where: fits) { return true }
            position = page.position
            if !page.lines.isEmpty { continue }
            if isOver { return false }
            await wait(after: changes)
        }
        return false
    }

    private func wait(after changes: UInt64) async {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let goesOn = state.withLock { state in
                    if state.changes != changes || state.isOver || Task.isCancelled { return true }
                    state.waiters[id] = waiter
                    return false
                }
                if goesOn { waiter.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}
