// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// Runs the programs of instances so that they outlive the daemon, and finds them again.
package protocol InstanceHost: Sendable {
    /// Starts a program as a tree of processes; throws why it cannot be started. Nothing is left then.
    func spawn(_ launch: TreeLaunch, on supervision: Supervision) async throws(BackendError) -> any ProcessTree

    /// Finds the runs that an earlier daemon has left, also those that ended meanwhile, and clears away what is not needed. Call once,
    /// before the first ``spawn(_:on:)``.
    func recover(on supervision: Supervision) async throws(BackendError) -> [RecoveredRun]
}

/// A program to start as an instance.
package struct TreeLaunch: Sendable {
    package var program: ProgramSpec
    package var note: InstanceNote
    /// The directory of the files that keep its output.
    package var logDirectory: String
    package var output: LogRotation
    package var error: LogRotation
    /// Called when output begins to be dropped, with the reason, and when it is kept again. Nil: nothing was ever dropped.
    package var logChanged: @Sendable (LogLoss?) -> Void

    package init(
        program: ProgramSpec, note: InstanceNote, logDirectory: String, output: LogRotation, error: LogRotation,
        logChanged: @escaping @Sendable (LogLoss?) -> Void = { _ in }
    ) {
        self.program = program
        self.note = note
        self.logDirectory = logDirectory
        self.output = output
        self.error = error
        self.logChanged = logChanged
    }
}

/// What becomes of an instance when the daemon ends without stopping it.
package enum DaemonExitPolicy: String, Hashable, Sendable, CaseIterable {
    /// It goes on; the next daemon adopts it.
    case adopt
    /// It ends within its stop timeout.
    case end
}

/// Where one stream of an instance is kept.
package struct LogRotation: Hashable, Sendable {
    /// The name of the newest file; older ones have a number from 1 on behind it.
    package var name: String
    /// The bytes after which a file is rotated.
    package var size: Int64
    /// How many files there are, the newest one included.
    package var files: Int

    package init(name: String, size: Int64 = 8 << 20, files: Int = 2) {
        self.name = name
        self.size = size
        self.files = files
    }
}

/// Output that is not or was not kept.
package struct LogLoss: Hashable, Sendable {
    /// Why output is being dropped now; nil when it is kept again.
    package var cause: SystemError?
    /// All bytes that the run has lost.
    package var bytes: UInt64

    package init(cause: SystemError?, bytes: UInt64) {
        self.cause = cause
        self.bytes = bytes
    }
}

/// What the daemon notes about a run of an instance, so that the next daemon can adopt it. It holds no secrets.
package struct InstanceNote: Hashable, Sendable {
    package var backend: String
    package var instance: String
    /// Nil when the instance serves every model of its backend.
    package var model: String?
    /// The address for clients.
    package var address: String
    package var port: UInt16?
    package var socket: String?
    /// A digest of the configuration that the run was started with.
    package var configuration: UInt64
    package var startTime: Timestamp
    /// Restarts of the instance before this run.
    package var restarts: Int
    /// Whether the instance has been ready since the start of its backend.
    package var wasReady = false
    /// Whether this run of it has been ready.
    package var hasBooted = false
    package var isReady = false
    /// Whether the instance was being stopped for good, or was to be restarted.
    package var isStopping = false
    package var isRestarting = false
    package var stopSignal = Signal.terminate
    package var stopTimeout: Duration
    package var onDaemonExit = DaemonExitPolicy.adopt
    /// The directory of its log files, and where the output of the run begins in them.
    package var logDirectory = ""
    package var logStart: [LogLine.Stream: LogPlace] = [:]

    package init(
        backend: String, instance: String, model: String?, address: String, port: UInt16? = nil, socket: String? = nil,
        configuration: UInt64 = 0, startTime: Timestamp, restarts: Int = 0, stopTimeout: Duration = .seconds(10)
    ) {
        self.backend = backend
        self.instance = instance
        self.model = model
        self.address = address
        self.port = port
        self.socket = socket
        self.configuration = configuration
        self.startTime = startTime
        self.restarts = restarts
        self.stopTimeout = stopTimeout
    }
}

/// A run that an earlier daemon has started.
package struct RecoveredRun: Sendable {
    package let note: InstanceNote
    /// Its processes; they may have ended, with a status that is known.
    package let tree: any ProcessTree

    package init(note: InstanceNote, tree: any ProcessTree) {
        self.note = note
        self.tree = tree
    }
}
