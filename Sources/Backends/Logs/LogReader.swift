// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Reads the two files of an instance as they grow. Use it on the supervising loop only.
final class LogReader {
    /// The most bytes of one file that one turn of the loop reads, so that others on the loop have their turns.
    private static let turn = 256 << 10
    /// How many turns are read at once for a caller that waits for the end of a file.
    private static let turnsAtOnce = 64

    /// The time between two looks for a directory that is gone.
    private static let searchPeriod = Duration.seconds(1)

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
        /// The shim drops output.
        case writing
        /// The directory was removed or replaced.
        case directory
        case reading(LogLine.Stream)
    }

    private struct Source: ~Copyable {
        var file: LogFile
        /// Reports what is written to the file.
        var watch: FileWatcher.Watch?
        var splitter = LineSplitter()
        let stream: LogLine.Stream
        /// Fires when the unfinished line is quiet.
        var quiet: TimerToken?
    }

    private var directory: Directory
    private var output: Source
    private var error: Source
    private let watcher: FileWatcher
    private let loop: EventLoop
    private var isClosed = false
    /// Report that a file was rotated, removed or made again, and that the directory was.
    private var names: [FileWatcher.Watch] = []
    private var isLost = false
    private let quiet: Duration
    private let listener: Listener

    init(
        _ output: String, _ error: String, in directory: consuming Directory, from starts: [LogLine.Stream: Int64],
        watcher: FileWatcher, loop: EventLoop, quiet: Duration, listener: Listener
    ) throws(SystemError) {
        self.quiet = quiet
        self.output = Source(
            file: try LogFile(output, in: directory, from: starts[.standardOutput]), stream: .standardOutput)
        self.error = Source(
            file: try LogFile(error, in: directory, from: starts[.standardError]), stream: .standardError)
        self.directory = directory
        self.watcher = watcher
        self.loop = loop
        self.listener = listener
        do throws(SystemError) {
            try watch(&self.output)
            try watch(&self.error)
            try watchNames()
            listener.fault(.directory, nil)
        } catch {
            close()
            throw error
        }
    }

    private func watch(_ source: inout Source) throws(SystemError) {
        if let watch = source.watch.take() { watcher.end(watch) }
        let stream = source.stream
        source.watch = try source.file.watch(with: watcher) { [weak self] in
            switch stream {
            case .standardOutput: self?.readOutput()
            case .standardError: self?.readError()
            }
        }
    }

    private func watchNames() throws(SystemError) {
        endNames()
        let path = directory.path
        let inner = try watcher.watchNames(of: path) { [weak self] in
            self?.readOutput()
            self?.readError()
        }
        names.append(inner)
        // The end of an open directory is reported by the one above it alone.
        let outer = try watcher.watchNames(of: SocketDirectory.parent(of: path) ?? ".") { [weak self] in
            self?.checkDirectory()
        }
        names.append(outer)
    }

    private func endNames() {
        for watch in names { watcher.end(watch) }
        names = []
    }

    /// Goes on with the files of the directory that has the path now, if that is another one; looks again later while there is none.
    private func checkDirectory() {
        guard !isClosed, !isLost, (try? FileIdentity.of(path: directory.path)) != (try? directory.identity()) else {
            return
        }
        isLost = true
        listener.fault(
            .directory,
            "\(directory.path) was removed or replaced; it is made again by the next output, or the next start")
        readAll()
        find()
    }

    private func find() {
        guard !isClosed else { return }
        do throws(SystemError) {
            let found = try Directory.trusted(directory.path)
            let files = (output.file.name, error.file.name)
            output.file = try LogFile(files.0, in: found, from: 0)
            error.file = try LogFile(files.1, in: found, from: 0)
            directory = found
            try watch(&output)
            try watch(&error)
            try watchNames()
            isLost = false
            listener.fault(.directory, nil)
            readOutput()
            readError()
        } catch {
            loop.schedule(after: Self.searchPeriod) { [weak self] in self?.find() }
        }
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
        guard !isClosed else { return }
        isClosed = true
        endNames()
        end(&output)
        end(&error)
    }

    /// Ends the watch, and turns the unfinished line into a line.
    private func end(_ source: inout Source) {
        if let watch = source.watch.take() { watcher.end(watch) }
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

    /// Reads a part; false at the end of what was written.
    private func read(_ source: inout Source) -> Bool {
        do throws(SystemError) {
            var buffer = ByteBuffer()
            var count = try source.file.read(atMost: Self.turn, into: &buffer)
            if count == 0, try source.file.isFollowed(in: directory) {
                // What was written between the read and the rotation.
                count = try source.file.read(atMost: Self.turn, into: &buffer)
                if count == 0 {
                    try source.file.advance(in: directory)
                    try watch(&source)
                    return true
                }
            }
            listener.fault(.reading(source.stream), nil)
            guard count > 0 else { return false }
            take(buffer.copied(), from: &source)
            // There may be a file that follows, of which nothing is reported.
            return true
        } catch {
            listener.fault(.reading(source.stream), error.writeRemedy.map { "\(error): \($0)" } ?? "\(error)")
            return false
        }
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
}
