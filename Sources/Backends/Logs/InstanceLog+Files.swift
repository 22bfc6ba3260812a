// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Logging
internal import SystemIO

// The files of other instances and of earlier runs of the daemon.
extension InstanceLog {
    /// The most bytes that are read of each file of an earlier run: less than half of the memory's limit, so that both files have
    /// room.
    static let remainsLimit = 64 << 10

    private static let streams: [(LogLine.Stream, suffix: String)] = [
        (.standardOutput, ".stdout.log"), (.standardError, ".stderr.log"),
    ]

    /// Deletes the files of all instances that a backend has had, also in earlier runs of the daemon. Works on the supervising loop.
    static func removeFiles(ofBackend name: String, on supervision: Supervision) {
        guard let loop = try? supervision.loop() else { return }
        loop.execute {
            guard let directory = try? Directory.trusted(supervision.logDirectory), let names = try? directory.names()
            else {
                return
            }
            for file in names where base(of: file, ofBackend: name) != nil { try? directory.remove(file) }
        }
    }

    /// The logs of all instances of a backend that have files, those last written to at the end.
    ///
    /// A log whose instance has a long name gets the cut name of its files, which users see. It is replaced once the instance runs again.
    static func left(ofBackend name: String, on supervision: Supervision) async -> [InstanceLog] {
        guard let loop = try? supervision.loop() else { return [] }
        let found = await loop.run { () -> [String] in
            guard let directory = try? Directory.trusted(supervision.logDirectory), let names = try? directory.names()
            else {
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
            if decoded == name {
                return InstanceLog(instance: name, model: nil, supervision: supervision, fileBase: base)
            }
            let model = decoded.map { String(decoding: $0.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self) }
            guard let model, ModelID.isValid(model.utf8Span.span) else {
                // A name that was cut inside of an escape, or a file that the daemon did not create: shown as the file is named.
                return InstanceLog(
                    instance: PlainText.escaped(base), model: nil, supervision: supervision, fileBase: base)
            }
            return InstanceLog(instance: "\(name)/\(model)", model: model, supervision: supervision, fileBase: base)
        }
    }

    /// Whether the instance has a file.
    func isOnDisk() async -> Bool {
        guard let loop = try? supervision.loop() else { return false }
        return await loop.run {
            guard let directory = try? Directory.trusted(self.directory) else { return false }
            return Self.streams.contains { (stream, _) in
                (try? directory.status(of: self.fileName(of: stream))).flatMap { $0 } != nil
            }
        }
    }

    private static func isOlder(_ left: FileStatus, _ right: FileStatus) -> Bool {
        (left.modifiedSeconds, left.modifiedNanoseconds) < (right.modifiedSeconds, right.modifiedNanoseconds)
    }

    /// The part of a file's name that stands for an instance of the backend; nil when the file is not one of its logs.
    private static func base(of file: String, ofBackend name: String) -> String? {
        guard let base = base(of: file) else { return nil }
        let backend = FileName.encoded(name)
        // What follows the name of the backend is the slash before the model.
        return base == backend || base.hasPrefix(backend + FileName.encoded("/")) ? base : nil
    }

    /// The backend whose instance has a file of this name; nil when the file is not a log.
    static func backend(ofFile file: String) -> String? {
        guard let base = base(of: file) else { return nil }
        let name = String(base.prefix { $0 != "%" })
        let isLog = base == name || base.hasPrefix(name + FileName.encoded("/"))
        return isLog && BackendName.isValid(name) ? name : nil
    }

    /// The part of a file's name that stands for an instance. The file is a log, a rotated log with a number behind its name, or the new
    /// log of a rotation under way.
    static func base(of file: String) -> String? {
        var file = file[...]
        if file.hasPrefix("."), file.hasSuffix(".new") {
            file = file.dropFirst().dropLast(".new".count)
        } else if let dot = file.lastIndex(of: "."), file[dot...].dropFirst().allSatisfy({ ("0"..."9").contains($0) }),
            file[dot...].count > 1
        {
            file = file[..<dot]
        }
        return streams.first { file.hasSuffix($0.suffix) }.map { String(file.dropLast($0.suffix.count)) }
    }

    /// The last lines of the files. The files hold no times, so that standard output comes first. Call on the supervising loop.
    func remains(after start: [LogLine.Stream: LogPlace]) -> LogRemains {
        var found = LogRemains()
        for (stream, _) in Self.streams {
            do throws(SystemError) {
                let directory = try Directory.trusted(self.directory)
                let limit = start.isEmpty ? Self.remainsLimit : Self.tailLimit
                let remains = try LogFile.remains(
                    of: fileName(of: stream), in: directory, atMost: limit, after: start[stream])
                if let remains { take(remains, stream, into: &found) }
            } catch  where error.isNotFound {
                continue
            } catch {
                supervision.log.warning(
                    "the output of an earlier run cannot be read",
                    metadata: ["instance": "\(instance)", "path": "\(path(of: stream))", "error": "\(error)"])
                let text = PlainText.cleaned("backendd: the output of an earlier run cannot be read: \(error)")
                found.earlierLines.append(
                    LogLine(instance: instance, stream: .standardError, time: supervision.clock.now(), text: text))
            }
        }
        return found
    }

    private func take(_ remains: LogFile.Remains, _ stream: LogLine.Stream, into found: inout LogRemains) {
        found.positions[stream] = remains.end
        let earlierCount = remains.bytes.count - remains.newerCount
        let time = Timestamp(
            seconds: remains.modifiedSeconds, nanoseconds: Int32(clamping: remains.modifiedNanoseconds))
        var room = Self.tailLimit / 2 - Self.remainsLimit / 2
        func lines(_ bytes: ArraySlice<UInt8>, isCut: Bool) -> [LogLine] {
            var splitter = LineSplitter()
            var texts = splitter.lines(in: Array(bytes))
            if let last = splitter.end() { texts.append(last) }
            if isCut, texts.count > 1 { texts.removeFirst() }
            let kept = texts.reversed().lazy
                .map { LogLine(instance: self.instance, stream: stream, time: time, text: $0, isOfEarlierRun: true) }
                .prefix { line in
                    room -= LogTail.size(line)
                    return room >= 0
                }
            return Array(kept).reversed()
        }
        let newer = remains.bytes.dropFirst(earlierCount)
        if !newer.isEmpty { found.bytes[stream] = Array(newer) }
        found.lines += lines(newer, isCut: remains.isCut && earlierCount == 0)
        found.earlierLines += lines(remains.bytes.prefix(earlierCount), isCut: remains.isCut)
    }
}

/// What earlier runs have written to the files of an instance, as far as it is read.
struct LogRemains: Sendable {
    /// The lines before the run that goes on.
    var earlierLines: [LogLine] = []
    /// The lines of the run that goes on, and its bytes.
    var lines: [LogLine] = []
    var bytes: [LogLine.Stream: [UInt8]] = [:]
    /// How much of each file was read.
    var positions: [LogLine.Stream: Int64] = [:]
}
