// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Logging
internal import SystemIO

// The files that other instances, and earlier runs of the daemon, have left.
extension InstanceLog {
    /// How many bytes are read of what a stream has left: less than half of what is kept in memory, so that both have room.
    static let remainsLimit = 64 << 10

    private static let streams: [(LogLine.Stream, suffix: String)] = [
        (.standardOutput, ".stdout.log"), (.standardError, ".stderr.log"),
    ]

    /// Deletes the files of all instances that a backend has had, also in an earlier run of the daemon; on the supervising loop.
    static func removeFiles(ofBackend name: String, on host: BackendHost) {
        guard let loop = try? host.loop() else { return }
        loop.execute {
            guard let directory = try? Directory.trusted(host.logDirectory), let names = try? directory.names() else {
                return
            }
            for file in names where base(of: file, ofBackend: name) != nil { try? directory.remove(file) }
        }
    }

    /// The logs of all instances of a backend that have files, those written to last at the end.
    static func left(ofBackend name: String, on host: BackendHost) async -> [InstanceLog] {
        guard let loop = try? host.loop() else { return [] }
        let found = await loop.run { () -> [String] in
            guard let directory = try? Directory.trusted(host.logDirectory), let names = try? directory.names() else {
                return []
            }
            var newest: [String: FileStatus] = [:]
            for file in names {
                guard let base = base(of: file, ofBackend: name), let status = try? directory.status(of: file) else {
                    continue
                }
                if newest[base].map({ isOlder($0, status) }) ?? true { newest[base] = status }
            }
            return newest.sorted { isOlder($0.value, $1.value) }.map(\.key)
        }
        return found.map { base in
            let decoded = FileName.decoded(base)
            if decoded == name { return InstanceLog(instance: name, model: nil, host: host, fileBase: base) }
            let model = decoded.map { String(decoding: $0.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self) }
            guard let model, ModelID.isValid(model.utf8Span.span) else {
                // A name that was too long for its files, or is of a file that the daemon has not made, is told as it stands there.
                return InstanceLog(instance: PlainText.escaped(base), model: nil, host: host, fileBase: base)
            }
            return InstanceLog(instance: "\(name)/\(model)", model: model, host: host, fileBase: base)
        }
    }

    /// Whether it has a file.
    func isOnDisk() async -> Bool {
        guard let loop = try? host.loop() else { return false }
        return await loop.run {
            guard let directory = try? Directory.trusted(self.host.logDirectory) else { return false }
            return Self.streams.contains { (stream, _) in
                (try? directory.status(of: self.fileName(of: stream))).flatMap { $0 } != nil
            }
        }
    }

    private static func isOlder(_ left: FileStatus, _ right: FileStatus) -> Bool {
        (left.modifiedSeconds, left.modifiedNanoseconds) < (right.modifiedSeconds, right.modifiedNanoseconds)
    }

    /// The part of a file's name that stands for an instance of the backend; nil where the file is not one of its logs.
    private static func base(of file: String, ofBackend name: String) -> String? {
        let backend = FileName.encoded(name)
        for (_, suffix) in streams {
            for end in [suffix, suffix + ".1"] where file.hasSuffix(end) {
                let base = String(file.dropLast(end.count))
                // What follows the name of the backend is the slash before the model.
                if base == backend || base.hasPrefix(backend + FileName.encoded("/")) { return base }
            }
        }
        return nil
    }

    /// The backend whose instance has a file of that name; nil where the file is not a log.
    static func backend(ofFile file: String) -> String? {
        for (_, suffix) in streams {
            for end in [suffix, suffix + ".1"] where file.hasSuffix(end) {
                let base = file.dropLast(end.count)
                // What follows the name of the backend is the slash before the model.
                let name = String(base.prefix { $0 != "%" })
                let isLog = base == name || base.hasPrefix(name + FileName.encoded("/"))
                return isLog && BackendName.isValid(name) ? name : nil
            }
        }
        return nil
    }

    /// The last lines that the files have, standard output first, for they do not say when what was written; on the supervising loop.
    func remains() -> (lines: [LogLine], positions: [LogLine.Stream: Int64]) {
        var (lines, positions): ([LogLine], [LogLine.Stream: Int64]) = ([], [:])
        for (stream, _) in Self.streams {
            do throws(SystemError) {
                let directory = try Directory.trusted(host.logDirectory)
                let name = fileName(of: stream)
                guard let remains = try LogFile.remains(of: name, in: directory, atMost: Self.remainsLimit) else {
                    continue
                }
                lines += self.lines(of: remains, stream)
                positions[stream] = remains.end
            } catch  where error.isNotFound {
                continue
            } catch {
                host.log.warning(
                    "the output of an earlier run cannot be read",
                    metadata: ["instance": "\(instance)", "path": "\(path(of: stream))", "error": "\(error)"])
                let text = PlainText.cleaned("backendd: what an earlier run has left here cannot be read: \(error)")
                lines.append(LogLine(instance: instance, stream: .standardError, time: host.clock.now(), text: text))
            }
        }
        return (lines, positions)
    }

    private func lines(of remains: LogFile.Remains, _ stream: LogLine.Stream) -> [LogLine] {
        var splitter = LineSplitter()
        var texts = splitter.lines(in: remains.bytes)
        if let last = splitter.end() { texts.append(last) }
        if remains.isCut, texts.count > 1 { texts.removeFirst() }
        let time = Timestamp(
            seconds: remains.modifiedSeconds, nanoseconds: Int32(clamping: remains.modifiedNanoseconds))
        let lines = texts.map {
            LogLine(instance: instance, stream: stream, time: time, text: $0, isOfEarlierRun: true)
        }
        var room = Self.tailLimit / 2 - Self.remainsLimit / 2
        return Array(
            lines.reversed().prefix { line in
                room -= LogTail.size(line)
                return room >= 0
            }.reversed())
    }
}
