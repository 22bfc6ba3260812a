// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// Reads the two files of an instance as they grow. All of it belongs to the supervising loop.
final class LogReader {
    /// What one turn of the loop reads at most of one file: others on the loop have their turn too.
    private static let turn = 256 << 10
    /// How many turns' worth is read at once where somebody waits for the end of a file.
    private static let turnsAtOnce = 64

    private struct Source: ~Copyable {
        var file: LogFile
        var splitter = LineSplitter()
        let stream: LogLine.Stream
    }

    private let directory: Directory
    private var output: Source
    private var error: Source
    private let watcher: FileWatcher
    private let loop: EventLoop
    private var isClosed = false
    private var watches: [Int32] = []
    private let onLines: ([String], LogLine.Stream) -> Void

    init(
        _ output: String, _ error: String, in directory: consuming Directory, limit: Int64, watcher: FileWatcher,
        loop: EventLoop,
        onLines: @escaping ([String], LogLine.Stream) -> Void
    ) throws(SystemError) {
        self.output = Source(file: try LogFile(output, in: directory, limit: limit), stream: .standardOutput)
        self.error = Source(file: try LogFile(error, in: directory, limit: limit), stream: .standardError)
        let path = directory.path
        self.directory = directory
        self.watcher = watcher
        self.loop = loop
        self.onLines = onLines
        watches = [
            try watcher.watch("\(path)/\(output)") { [weak self] in self?.readOutput() },
            try watcher.watch("\(path)/\(error)") { [weak self] in self?.readError() },
        ]
    }

    /// Reads both to their ends, unless the program writes faster than anybody reads.
    func readAll() {
        for _ in 0..<Self.turnsAtOnce where !read(&output) { break }
        for _ in 0..<Self.turnsAtOnce where !read(&error) { break }
    }

    func close() {
        for watch in watches { watcher.end(watch) }
        watches = []
        isClosed = true
        if let line = output.splitter.end() { onLines([line], output.stream) }
        if let line = error.splitter.end() { onLines([line], error.stream) }
    }

    private func readOutput() {
        guard !isClosed, read(&output) else { return }
        loop.schedule(after: .zero) { [weak self] in self?.readOutput() }
    }

    private func readError() {
        guard !isClosed, read(&error) else { return }
        loop.schedule(after: .zero) { [weak self] in self?.readError() }
    }

    /// Reads a part; false where that was all.
    private func read(_ source: inout Source) -> Bool {
        var buffer = ByteBuffer()
        guard let count = try? source.file.read(atMost: Self.turn, into: &buffer), count > 0 else { return false }
        onLines(source.splitter.lines(in: buffer.copied()), source.stream)
        guard source.file.isFull else { return count == Self.turn }
        var late = ByteBuffer()
        try? source.file.rotate(in: directory, into: &late)
        if !late.isEmpty { onLines(source.splitter.lines(in: late.copied()), source.stream) }
        return true
    }
}
