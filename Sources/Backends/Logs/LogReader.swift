// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// Reads the two files of an instance as they grow. Use it on the supervising loop only.
final class LogReader {
    /// The most bytes of one file that one turn of the loop reads, so that others on the loop have their turns.
    private static let turn = 256 << 10
    /// How many turns are read at once for a caller that waits for the end of a file.
    private static let turnsAtOnce = 64

    /// One in this many checks of the disk, the first among them, tries to write: a write costs the disk more than a check.
    private static let checksPerWrite = 12

    /// The receiver of what is read.
    struct Listener {
        var read: (Part) -> Void
        /// The unfinished line of the stream has not grown for a while.
        var quiet: (LogLine.Stream) -> Void
        /// What is wrong with the files; nil when nothing is. Also called when that has not changed.
        var fault: (Fault, String?) -> Void
    }

    /// The output that was read at once.
    struct Part {
        var stream: LogLine.Stream
        var bytes: [UInt8]
        /// The finished lines.
        var lines: [String]
        /// The unfinished line so far; nil between two lines.
        var beginning: String?
    }

    /// What can keep the output from its files.
    enum Fault: Hashable {
        case disk
        /// Its file was removed or replaced.
        case missing(LogLine.Stream)
        case reading(LogLine.Stream)
        case rotating(LogLine.Stream)
    }

    private struct Source: ~Copyable {
        var file: LogFile
        var splitter = LineSplitter()
        let stream: LogLine.Stream
        /// Fires when the unfinished line is quiet.
        var quiet: TimerToken?
    }

    private let directory: Directory
    private var output: Source
    private var error: Source
    private let watcher: FileWatcher
    private let loop: EventLoop
    private var isClosed = false
    private var watches: [Int32] = []
    private var timer: TimerToken?
    private var checks = 0
    private var hasDiskFault = false
    private let disk: DiskWatch
    private let quiet: Duration
    private let listener: Listener

    init(
        _ output: String, _ error: String, in directory: consuming Directory, limit: Int64,
        from starts: [LogLine.Stream: Int64], watcher: FileWatcher, loop: EventLoop, disk: DiskWatch,
        quiet: Duration, listener: Listener
    ) throws(SystemError) {
        self.disk = disk
        self.quiet = quiet
        self.output = Source(
            file: try LogFile(output, in: directory, limit: limit, from: starts[.standardOutput]),
            stream: .standardOutput)
        self.error = Source(
            file: try LogFile(error, in: directory, limit: limit, from: starts[.standardError]), stream: .standardError)
        let path = directory.path
        self.directory = directory
        self.watcher = watcher
        self.loop = loop
        self.listener = listener
        watches = [
            try watcher.watch("\(path)/\(output)") { [weak self] in self?.readOutput() },
            try watcher.watch("\(path)/\(error)") { [weak self] in self?.readError() },
        ]
        checkDisk()
    }

    /// Reads both files to their ends, unless the program writes faster than that.
    func readAll() {
        for _ in 0..<Self.turnsAtOnce where !read(&output) { break }
        for _ in 0..<Self.turnsAtOnce where !read(&error) { break }
    }

    /// How much of each file was read.
    var positions: [LogLine.Stream: Int64] {
        [.standardOutput: output.file.position, .standardError: error.file.position]
    }

    func close() {
        for watch in watches { watcher.end(watch) }
        watches = []
        isClosed = true
        if let timer { loop.cancel(timer) }
        timer = nil
        end(&output)
        end(&error)
    }

    /// Turns the unfinished line into a line.
    private func end(_ source: inout Source) {
        if let line = source.splitter.end() { deliver([line], [], of: &source) }
    }

    private func readOutput() {
        guard !isClosed, read(&output) else { return }
        loop.schedule(after: .zero) { [weak self] in self?.readOutput() }
    }

    private func readError() {
        guard !isClosed, read(&error) else { return }
        loop.schedule(after: .zero) { [weak self] in self?.readError() }
    }

    /// Reads a part; false at the end of the file.
    private func read(_ source: inout Source) -> Bool {
        var buffer = ByteBuffer()
        let count: Int
        do throws(SystemError) {
            count = try source.file.read(atMost: Self.turn, into: &buffer)
            listener.fault(.reading(source.stream), nil)
        } catch {
            listener.fault(.reading(source.stream), Self.description(error))
            return false
        }
        guard count > 0 else {
            checkPlace(of: source)
            return false
        }
        take(buffer.copied(), from: &source)
        guard source.file.isFull else { return count == Self.turn }
        rotate(&source)
        return true
    }

    private func take(_ bytes: [UInt8], from source: inout Source) {
        deliver(source.splitter.lines(in: bytes), bytes, of: &source)
    }

    private func deliver(_ lines: [String], _ bytes: [UInt8], of source: inout Source) {
        let (stream, beginning) = (source.stream, source.splitter.beginning)
        listener.read(Part(stream: stream, bytes: bytes, lines: lines, beginning: beginning))
        if let timer = source.quiet { loop.cancel(timer) }
        source.quiet = beginning.map { _ in
            loop.schedule(after: quiet) { [weak self] in self?.listener.quiet(stream) }
        }
    }

    private func rotate(_ source: inout Source) {
        var late = ByteBuffer()
        do throws(SystemError) {
            try source.file.rotate(in: directory, into: &late)
            listener.fault(.rotating(source.stream), nil)
        } catch {
            listener.fault(.rotating(source.stream), Self.description(error))
        }
        if !late.isEmpty { take(late.copied(), from: &source) }
    }

    // MARK: Faults

    /// Reports a file that was removed or replaced: the daemon still reads it, but its content is lost in the end.
    private func checkPlace(of source: borrowing Source) {
        let isInPlace = (try? source.file.isInPlace(at: directory.path)) ?? false
        let path = "\(directory.path)/\(source.file.name)"
        listener.fault(
            .missing(source.stream),
            isInPlace ? nil : "\(path) was removed or replaced; it is created again at the next start of the instance")
    }

    private func checkDisk() {
        guard !isClosed else { return }
        let isTried = hasDiskFault || checks.isMultiple(of: Self.checksPerWrite)
        checks += 1
        let fault = disk.fault(directory, isTried)
        // A check does not clear a fault that only a write shows.
        if isTried || fault != nil {
            hasDiskFault = fault != nil
            listener.fault(.disk, fault.map { Self.description($0) })
        }
        checkPlace(of: output)
        checkPlace(of: error)
        timer = loop.schedule(after: disk.period) { [weak self] in self?.checkDisk() }
    }

    private static func description(_ error: SystemError) -> String {
        error.writeRemedy.map { "\(error): \($0)" } ?? "\(error)"
    }
}

/// How the disk of the logs is checked: a program that cannot write causes no event.
package struct DiskWatch: Sendable {
    /// The time between two checks.
    package var period: Duration
    /// What keeps programs from writing to files of the directory, found with or without a trial write.
    package var fault: @Sendable (borrowing Directory, _ isTried: Bool) -> SystemError?

    package init(
        period: Duration = .seconds(5),
        fault: @escaping @Sendable (borrowing Directory, _ isTried: Bool) -> SystemError? = {
            $0.writeFault(isTried: $1)
        }
    ) {
        self.period = period
        self.fault = fault
    }
}
