// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A supervised process as it was when the daemon answered.
public struct InstanceDescription: Hashable, Sendable {
    /// `BACKEND`, or `BACKEND/MODEL` if each model has a process of its own.
    public let name: String
    /// The ID of the model it serves; nil if it serves every model of its backend.
    public let modelID: String?
    /// What it is doing.
    public let state: InstanceState
    /// The ID of its process; nil while there is none.
    public let pid: Int32?
    /// The address it serves, as in ``ModelEndpoint/address``; nil if it has none.
    public let address: String?
    /// The number of restarts since the backend was started or the model was loaded.
    public let restarts: Int
    /// When its process was started; nil while there is none.
    public let startTime: Timestamp?
    /// Why its process last ended by itself, or why it failed; nil if neither has happened.
    public let failure: BackendFailure?
    /// The resident memory of its process and all descendants, in bytes.
    public let residentBytes: Int
    /// The processor time that its process and all descendants have used.
    public let processorTime: Duration
    /// The number of current uses of its models.
    public let uses: Int
    /// When it is started again; nil except in ``InstanceState/backoff``.
    public let retryTime: Timestamp?
    /// Why its output is not kept in its log files now; nil while it is.
    public let logFailure: BackendFailure?
    /// The bytes of its output that could not be kept, since its process was started.
    public let lostOutputBytes: Int
    /// Whether its process was started with another configuration than the one that the next start of its backend uses, and a restart is
    /// needed to take the difference over.
    public let isOutdated: Bool
}

/// What one supervised process is doing.
public enum InstanceState: Hashable, Sendable {
    /// It runs, or is about to, and does not serve yet.
    case starting
    /// It serves.
    case ready
    /// It runs, and its readiness probe fails.
    case unready
    /// It has ended and is started again after a pause.
    case backoff
    /// It is being ended.
    case stopping
    /// It has ended and is not started again.
    case exited
    /// It could not be started, or it ended too often; ``InstanceDescription/failure`` says why.
    case failed
    /// A state that this version of the library does not know, with its number on the wire.
    case other(Int32)
}

extension InstanceState: CustomStringConvertible {
    /// The state as a word: `READY`, `BACKOFF` and so on; `STATE_n` for a number that this version does not know.
    public var description: String {
        switch self {
        case .starting: "STARTING"
        case .ready: "READY"
        case .unready: "UNREADY"
        case .backoff: "BACKOFF"
        case .stopping: "STOPPING"
        case .exited: "EXITED"
        case .failed: "FAILED"
        case .other(let number): "STATE_\(number)"
        }
    }
}

/// One line that a supervised process wrote.
public struct LogLine: Hashable, Sendable {
    /// One of the two outputs of a process.
    public enum Stream: Hashable, Sendable {
        /// Standard output.
        case output
        /// Standard error.
        case error
    }

    /// The name of the instance that wrote it, as in ``InstanceDescription/name``.
    public let instance: String
    /// The output it was written to.
    public let stream: Stream
    /// When the daemon saw it; nil for a line that an earlier run of the daemon kept.
    public let time: Timestamp?
    /// The line without its end. Bytes that are not UTF-8 are replaced, and a very long line is cut.
    public internal(set) var text: String
    /// Whether lines before it were lost to this reader.
    public internal(set) var isAfterGap: Bool

    package init(instance: String, stream: Stream, time: Timestamp?, text: String, isAfterGap: Bool = false) {
        self.instance = instance
        self.stream = stream
        self.time = time
        self.text = text
        self.isAfterGap = isAfterGap
    }
}
