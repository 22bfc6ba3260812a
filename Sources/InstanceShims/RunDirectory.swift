// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// The directory of one run of an instance, by which the daemon and the shim of the run know each other.
///
/// | file | written by | content |
/// | --- | --- | --- |
/// | `intent` | the daemon | what the next daemon needs to adopt the run |
/// | `lock` | the daemon | nothing; the shim holds its locks for as long as it lives |
/// | `life` | – | a pipe: the daemon's commands, and its end |
/// | `running` | the shim | how far it is, its process and that of the program |
/// | `exit` | the shim | how the program ended, or why it was not started |
///
/// A shim may be older or younger than the daemon. What cannot be read is treated as missing.
struct RunDirectory: ~Copyable, Sendable {
    static let version: UInt32 = 1
    /// A directory with this prefix is not complete, and nothing runs in it.
    static let unfinished = ".new-"
    /// The most bytes of a record.
    private static let recordLimit = 64 << 10

    let name: String
    private let directory: Directory
    private let parent: Directory

    private init(_ name: String, _ directory: consuming Directory, in parent: consuming Directory) {
        self.name = name
        self.directory = directory
        self.parent = parent
    }

    /// A directory that was made, with its lock, which is taken, and both ends of its pipe.
    struct New: ~Copyable {
        let directory: RunDirectory
        let lock: FileDescriptor
        let reading: FileDescriptor
        let writing: FileDescriptor
    }

    /// Makes the directory of a new run.
    static func make(_ intent: ShimIntent, in parent: borrowing Directory) throws(SystemError) -> New {
        let name = (0..<4).map { _ in
            let digits = String(UInt32.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
        let directory = try parent.makeTrustedDirectory(unfinished + name)
        do throws(SystemError) {
            let lock = try directory.openForUpdating("lock", creating: true)
            try lock.requireLock("\(directory.path)/lock")
            try directory.makePipe("life")
            let reading = try directory.openPipe("life", for: .reading)
            let writing = try directory.openPipe("life", for: .writing)
            try directory.replace("intent", by: intent.bytes())
            try parent.rename(unfinished + name, to: name)
            // By its name, by which it is watched.
            guard let run = try open(name, in: parent) else { throw .notReadable("\(parent.path)/\(name)") }
            return New(directory: run, lock: lock, reading: reading, writing: writing)
        } catch {
            try? remove(unfinished + name, from: parent)
            throw error
        }
    }

    /// Opens a directory that an earlier daemon has made; nil if it is gone.
    static func open(_ name: String, in parent: borrowing Directory) throws(SystemError) -> RunDirectory? {
        guard let directory = try parent.trustedDirectory(name) else { return nil }
        return RunDirectory(name, directory, in: try parent.duplicate())
    }

    /// Removes a directory of a run with what is in it.
    static func remove(_ name: String, from parent: borrowing Directory) throws(SystemError) {
        guard let directory = try parent.directory(name) else { return }
        try directory.removeContents()
        try parent.remove(name, isDirectory: true)
    }

    borrowing func remove() throws(SystemError) { try Self.remove(name, from: parent) }

    var path: String { directory.path }

    /// A second descriptor of the directory, with a number from `number` on.
    borrowing func descriptor(from number: Int32) throws(SystemError) -> FileDescriptor {
        try directory.duplicateDescriptor().duplicate(from: number)
    }
}

// MARK: The lock and the pipe

extension RunDirectory {
    /// Who holds the lock.
    enum Holder: Equatable {
        case free
        /// A shim that has not said yet which process it is.
        case starting
        case process(Int32)
    }

    borrowing func holder() throws(SystemError) -> Holder {
        guard try directory.status(of: "lock") != nil else { return .free }
        let lock = try directory.openForUpdating("lock")
        // Shared, so that two daemons that look at the same time do not take each other for a shim.
        if try lock.lock(alone: false) { return .free }
        return try lock.lockHolder().map { .process($0) } ?? .starting
    }

    /// Opens the pipe for commands; nil if no shim reads from it.
    borrowing func openLife() throws(SystemError) -> FileDescriptor? {
        do throws(SystemError) {
            return try directory.openPipe("life", for: .writing)
        } catch  where error.isWithoutReader {
            return nil
        }
    }
}

// MARK: The records

extension RunDirectory {
    borrowing func intent() -> ShimIntent? {
        record("intent").flatMap { (intent: ShimIntent) in intent.version == Self.version ? intent : nil }
    }

    borrowing func running() -> ShimRunning? {
        record("running").flatMap { (running: ShimRunning) in running.version == Self.version ? running : nil }
    }

    borrowing func exit() -> ShimExit? {
        record("exit").flatMap { (exit: ShimExit) in exit.version == Self.version ? exit : nil }
    }

    borrowing func write(_ intent: ShimIntent) throws(SystemError) {
        try directory.replace("intent", by: intent.bytes())
    }

    private borrowing func record<Record: ProtobufMessage>(_ name: String) -> Record? {
        guard let bytes = try? directory.read(name, limit: Self.recordLimit) else { return nil }
        return try? Record(decoding: bytes)
    }
}

extension ProtobufMessage {
    /// The message as bytes. Throws if it is larger than any message may be.
    func bytes() throws(SystemError) -> [UInt8] {
        do throws(PayloadError) {
            return try encoded()
        } catch {
            throw .messageTooLong("record", "\(error)")
        }
    }
}
