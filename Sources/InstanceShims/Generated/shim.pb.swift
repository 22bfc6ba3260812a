// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from backends/shim/v1/shim.proto; do not edit.

internal import CProtos
package import CShimProtos
package import SocketRPC

/// What a shim does when the daemon has ended.
package enum ShimDaemonExit: Hashable, Sendable {
    /// `DAEMON_EXIT_UNSPECIFIED`, 0.
    case unspecified
    /// Waits for the next daemon.
    case adopt
    /// Ends the instance.
    case end
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    package init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .adopt
        case 2: self = .end
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    package var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .adopt: 1
        case .end: 2
        case .unrecognized(let number): number
        }
    }
}

/// How far the shim of an instance has come.
package enum ShimPhase: Hashable, Sendable {
    /// `PHASE_UNSPECIFIED`, 0.
    case unspecified
    /// The program is being started.
    case spawning
    /// The program runs.
    case running
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    package init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .spawning
        case 2: self = .running
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    package var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .spawning: 1
        case .running: 2
        case .unrecognized(let number): number
        }
    }
}

/// What a shim was doing when it failed.
package enum ShimStage: Hashable, Sendable {
    /// `STAGE_UNSPECIFIED`, 0.
    case unspecified
    /// Reading what to start.
    case launch
    /// Taking the lock of the instance.
    case lock
    /// Making room for its records.
    case records
    /// Making its event queue.
    case events
    /// Opening the log files.
    case log
    /// The daemon had ended by then.
    case daemonLost
    /// Making the process.
    case fork
    /// Setting up its session.
    case session
    /// Joining the control group.
    case group
    /// Setting the niceness.
    case nice
    /// Choosing the processors.
    case processors
    /// Entering the working directory.
    case directory
    /// Connecting its output.
    case streams
    /// Setting a resource limit.
    case limits
    /// Running the program.
    case program
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    package init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .launch
        case 2: self = .lock
        case 3: self = .records
        case 4: self = .events
        case 5: self = .log
        case 6: self = .daemonLost
        case 7: self = .fork
        case 8: self = .session
        case 9: self = .group
        case 10: self = .nice
        case 11: self = .processors
        case 12: self = .directory
        case 13: self = .streams
        case 14: self = .limits
        case 15: self = .program
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    package var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .launch: 1
        case .lock: 2
        case .records: 3
        case .events: 4
        case .log: 5
        case .daemonLost: 6
        case .fork: 7
        case .session: 8
        case .group: 9
        case .nice: 10
        case .processors: 11
        case .directory: 12
        case .streams: 13
        case .limits: 14
        case .program: 15
        case .unrecognized(let number): number
        }
    }
}

/// What the daemon notes about a run of an instance, so that the next daemon can adopt it. It holds no secrets.
package struct ShimIntent: Hashable, Sendable {
    /// The version of this message: 1.
    package var version: UInt32 = 0
    /// The field `backend` of `backends.shim.v1.Intent`.
    package var backend: String = ""
    /// The field `instance` of `backends.shim.v1.Intent`.
    package var instance: String = ""
    /// Empty if the instance serves all models of its backend.
    package var model: String = ""
    /// What marks the processes of the run: a variable of their environment, and a limit of file locks; 0: none.
    package var mark: String = ""
    /// The field `lockLimit` of `backends.shim.v1.Intent`.
    package var lockLimit: UInt64 = 0
    /// The directory of the control group; empty: none.
    package var group: String = ""
    /// Where clients reach the instance.
    package var address: String = ""
    /// The port and the socket that the daemon chose; 0 and empty: none.
    package var port: UInt32 = 0
    /// The field `socket` of `backends.shim.v1.Intent`.
    package var socket: String = ""
    /// A digest of the configuration that the run was started with.
    package var configuration: UInt64 = 0
    /// When the run was started, in nanoseconds since 1970 UTC.
    package var startTime: Int64 = 0
    /// The restarts of the instance before this run.
    package var restarts: UInt32 = 0
    /// Whether the instance has been ready since the start of its backend, whether in this run, and whether it is now.
    package var wasReady: Bool = false
    /// The field `hasBooted` of `backends.shim.v1.Intent`.
    package var hasBooted: Bool = false
    /// The field `isReady` of `backends.shim.v1.Intent`.
    package var isReady: Bool = false
    /// Whether the instance was being stopped.
    package var isStopping: Bool = false
    /// How the run is to be ended.
    package var end: ShimEnd? = nil
    /// What becomes of it at the end of the daemon.
    package var onDaemonExit: ShimDaemonExit = .unspecified
    /// Where the output of the run begins.
    package var outputStart: ShimLogPlace? = nil
    /// The field `errorStart` of `backends.shim.v1.Intent`.
    package var errorStart: ShimLogPlace? = nil
    /// The directory of the log files.
    package var logDirectory: String = ""
    /// Whether the run was asked to end so that another one follows.
    package var isRestarting: Bool = false

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        version: UInt32 = 0,
        backend: String = "",
        instance: String = "",
        model: String = "",
        mark: String = "",
        lockLimit: UInt64 = 0,
        group: String = "",
        address: String = "",
        port: UInt32 = 0,
        socket: String = "",
        configuration: UInt64 = 0,
        startTime: Int64 = 0,
        restarts: UInt32 = 0,
        wasReady: Bool = false,
        hasBooted: Bool = false,
        isReady: Bool = false,
        isStopping: Bool = false,
        end: ShimEnd? = nil,
        onDaemonExit: ShimDaemonExit = .unspecified,
        outputStart: ShimLogPlace? = nil,
        errorStart: ShimLogPlace? = nil,
        logDirectory: String = "",
        isRestarting: Bool = false
    ) {
        self.version = version
        self.backend = backend
        self.instance = instance
        self.model = model
        self.mark = mark
        self.lockLimit = lockLimit
        self.group = group
        self.address = address
        self.port = port
        self.socket = socket
        self.configuration = configuration
        self.startTime = startTime
        self.restarts = restarts
        self.wasReady = wasReady
        self.hasBooted = hasBooted
        self.isReady = isReady
        self.isStopping = isStopping
        self.end = end
        self.onDaemonExit = onDaemonExit
        self.outputStart = outputStart
        self.errorStart = errorStart
        self.logDirectory = logDirectory
        self.isRestarting = isRestarting
    }
}

/// A place in the output of a program: in the file that was the newest one then.
package struct ShimLogPlace: Hashable, Sendable {
    /// The field `device` of `backends.shim.v1.LogPlace`.
    package var device: UInt64 = 0
    /// The field `inode` of `backends.shim.v1.LogPlace`.
    package var inode: UInt64 = 0
    /// The field `offset` of `backends.shim.v1.LogPlace`.
    package var offset: UInt64 = 0

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        device: UInt64 = 0,
        inode: UInt64 = 0,
        offset: UInt64 = 0
    ) {
        self.device = device
        self.inode = inode
        self.offset = offset
    }
}

/// What a shim starts, and how. The daemon passes it complete in a sealed memory file, because it may contain secrets.
package struct ShimLaunch: Hashable, Sendable {
    /// The version of this message: 1.
    package var version: UInt32 = 0
    /// The path of the program.
    package var program: String = ""
    /// The arguments of the program, its name first.
    package var arguments: [String] = []
    /// The whole environment, as NAME=VALUE.
    package var environment: [String] = []
    /// The working directory.
    package var directory: String = ""
    /// The directory of the control group that the program joins; empty: none.
    package var group: String = ""
    /// The niceness, from -20 to 19.
    package var nice: Int32 = 0
    /// The processors that the program may run on; empty: all.
    package var processors: [UInt32] = []
    /// The field `limits` of `backends.shim.v1.Launch`.
    package var limits: [ShimResourceLimit] = []
    /// The directory of the log files.
    package var logDirectory: String = ""
    /// The field `output` of `backends.shim.v1.Launch`.
    package var output: ShimLogFile? = nil
    /// The field `error` of `backends.shim.v1.Launch`.
    package var error: ShimLogFile? = nil
    /// How the instance ends if the daemon does and the policy is to end it.
    package var end: ShimEnd? = nil
    /// The field `onDaemonExit` of `backends.shim.v1.Launch`.
    package var onDaemonExit: ShimDaemonExit = .unspecified
    /// How often the shim looks whether the directory of the run was removed, in milliseconds; then it ends the instance. 0: 30 s.
    package var directoryCheck: UInt32 = 0

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        version: UInt32 = 0,
        program: String = "",
        arguments: [String] = [],
        environment: [String] = [],
        directory: String = "",
        group: String = "",
        nice: Int32 = 0,
        processors: [UInt32] = [],
        limits: [ShimResourceLimit] = [],
        logDirectory: String = "",
        output: ShimLogFile? = nil,
        error: ShimLogFile? = nil,
        end: ShimEnd? = nil,
        onDaemonExit: ShimDaemonExit = .unspecified,
        directoryCheck: UInt32 = 0
    ) {
        self.version = version
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.group = group
        self.nice = nice
        self.processors = processors
        self.limits = limits
        self.logDirectory = logDirectory
        self.output = output
        self.error = error
        self.end = end
        self.onDaemonExit = onDaemonExit
        self.directoryCheck = directoryCheck
    }
}

/// A limit of setrlimit.
package struct ShimResourceLimit: Hashable, Sendable {
    /// The number of the resource, such as RLIMIT_NOFILE.
    package var resource: UInt32 = 0
    /// The soft and the hard limit; 2^64 - 1: unlimited.
    package var soft: UInt64 = 0
    /// The field `hard` of `backends.shim.v1.ResourceLimit`.
    package var hard: UInt64 = 0

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        resource: UInt32 = 0,
        soft: UInt64 = 0,
        hard: UInt64 = 0
    ) {
        self.resource = resource
        self.soft = soft
        self.hard = hard
    }
}

/// Where a stream of the program's output is kept.
package struct ShimLogFile: Hashable, Sendable {
    /// The name of the newest file; older ones have a number from 1 on behind it.
    package var name: String = ""
    /// The bytes after which a file is rotated.
    package var size: UInt64 = 0
    /// How many files there are, the newest one included.
    package var files: UInt32 = 0

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        name: String = "",
        size: UInt64 = 0,
        files: UInt32 = 0
    ) {
        self.name = name
        self.size = size
        self.files = files
    }
}

/// How an instance ends.
package struct ShimEnd: Hashable, Sendable {
    /// The signal that asks the program to end.
    package var signal: UInt32 = 0
    /// The time after which what is left is killed, in milliseconds.
    package var grace: UInt32 = 0

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        signal: UInt32 = 0,
        grace: UInt32 = 0
    ) {
        self.signal = signal
        self.grace = grace
    }
}

/// What the daemon asks of a shim, in the FIFO of its instance: each command is one byte with its length, then the message.
package struct ShimCommand: Hashable, Sendable {
    /// The field `kind` of `backends.shim.v1.Command`.
    package var kind: ShimCommand.Kind? = nil

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        kind: ShimCommand.Kind? = nil
    ) {
        self.kind = kind
    }

    /// The one of `backends.shim.v1.Command.kind` that is set.
    package enum Kind: Hashable, Sendable {
        /// Ends the instance.
        case end(ShimEnd)
        /// Changes what happens when the daemon has ended.
        case onDaemonExit(ShimDaemonExit)
    }
}

/// The record of an instance that has not ended.
package struct ShimRunning: Hashable, Sendable {
    /// The version of this message: 1.
    package var version: UInt32 = 0
    /// The field `phase` of `backends.shim.v1.Running`.
    package var phase: ShimPhase = .unspecified
    /// The boot of the system during which the process IDs are valid.
    package var bootID: String = ""
    /// The field `shim` of `backends.shim.v1.Running`.
    package var shim: ShimProcess? = nil
    /// Absent while the program is being started.
    package var leader: ShimProcess? = nil
    /// The bytes of output that could not be written to the log files.
    package var droppedBytes: UInt64 = 0
    /// Why output is being dropped now, as an error number; 0 while nothing is.
    package var logError: UInt32 = 0

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        version: UInt32 = 0,
        phase: ShimPhase = .unspecified,
        bootID: String = "",
        shim: ShimProcess? = nil,
        leader: ShimProcess? = nil,
        droppedBytes: UInt64 = 0,
        logError: UInt32 = 0
    ) {
        self.version = version
        self.phase = phase
        self.bootID = bootID
        self.shim = shim
        self.leader = leader
        self.droppedBytes = droppedBytes
        self.logError = logError
    }
}

/// The message `backends.shim.v1.Process`.
package struct ShimProcess: Hashable, Sendable {
    /// The field `pid` of `backends.shim.v1.Process`.
    package var pid: UInt32 = 0
    /// When it was started, in clock ticks since the boot.
    package var startTicks: UInt64 = 0

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        pid: UInt32 = 0,
        startTicks: UInt64 = 0
    ) {
        self.pid = pid
        self.startTicks = startTicks
    }
}

/// The record of an instance that has ended.
package struct ShimExit: Hashable, Sendable {
    /// The version of this message: 1.
    package var version: UInt32 = 0
    /// The field `kind` of `backends.shim.v1.Exit`.
    package var kind: ShimExit.Kind? = nil
    /// Whether nothing is left of the instance, and its last output is in the log files.
    package var cleared: Bool = false
    /// When it ended, in nanoseconds since 1970 UTC.
    package var time: Int64 = 0
    /// What the program, and those of its descendants that it waited for, used.
    package var userMicroseconds: UInt64 = 0
    /// The field `systemMicroseconds` of `backends.shim.v1.Exit`.
    package var systemMicroseconds: UInt64 = 0
    /// The field `residentKilobytes` of `backends.shim.v1.Exit`.
    package var residentKilobytes: UInt64 = 0
    /// The bytes of output that could not be written to the log files.
    package var droppedBytes: UInt64 = 0

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        version: UInt32 = 0,
        kind: ShimExit.Kind? = nil,
        cleared: Bool = false,
        time: Int64 = 0,
        userMicroseconds: UInt64 = 0,
        systemMicroseconds: UInt64 = 0,
        residentKilobytes: UInt64 = 0,
        droppedBytes: UInt64 = 0
    ) {
        self.version = version
        self.kind = kind
        self.cleared = cleared
        self.time = time
        self.userMicroseconds = userMicroseconds
        self.systemMicroseconds = systemMicroseconds
        self.residentKilobytes = residentKilobytes
        self.droppedBytes = droppedBytes
    }

    /// The one of `backends.shim.v1.Exit.kind` that is set.
    package enum Kind: Hashable, Sendable {
        /// The exit code of the program.
        case code(UInt32)
        /// The signal that killed the program.
        case signal(UInt32)
        /// The program was not started.
        case failure(ShimFailure)
    }
}

/// Why the program was not started.
package struct ShimFailure: Hashable, Sendable {
    /// The field `stage` of `backends.shim.v1.Failure`.
    package var stage: ShimStage = .unspecified
    /// The error number of the system.
    package var error: UInt32 = 0

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        stage: ShimStage = .unspecified,
        error: UInt32 = 0
    ) {
        self.stage = stage
        self.error = error
    }
}

extension ShimIntent: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__Shim__V1__Intent>.size }
    package static let protobufName = "backends.shim.v1.Intent"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__Shim__V1__Intent()
        unsafe backends__shim__v1__intent__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Intent.self)
        version = unsafe storage.pointee.version
        backend = unsafe MessageFields.string(storage.pointee.backend)
        instance = unsafe MessageFields.string(storage.pointee.instance)
        model = unsafe MessageFields.string(storage.pointee.model)
        mark = unsafe MessageFields.string(storage.pointee.mark)
        lockLimit = unsafe storage.pointee.lock_limit
        group = unsafe MessageFields.string(storage.pointee.group)
        address = unsafe MessageFields.string(storage.pointee.address)
        port = unsafe storage.pointee.port
        socket = unsafe MessageFields.string(storage.pointee.socket)
        configuration = unsafe storage.pointee.configuration
        startTime = unsafe storage.pointee.start_time
        restarts = unsafe storage.pointee.restarts
        wasReady = unsafe storage.pointee.was_ready != 0
        hasBooted = unsafe storage.pointee.has_booted != 0
        isReady = unsafe storage.pointee.is_ready != 0
        isStopping = unsafe storage.pointee.is_stopping != 0
        end = unsafe storage.pointee.end.map { ShimEnd(copying: $0) }
        onDaemonExit = unsafe ShimDaemonExit(rawValue: Int32(truncatingIfNeeded: storage.pointee.on_daemon_exit.rawValue))
        outputStart = unsafe storage.pointee.output_start.map { ShimLogPlace(copying: $0) }
        errorStart = unsafe storage.pointee.error_start.map { ShimLogPlace(copying: $0) }
        logDirectory = unsafe MessageFields.string(storage.pointee.log_directory)
        isRestarting = unsafe storage.pointee.is_restarting != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__Shim__V1__Intent.self, capacity: 1)
        unsafe backends__shim__v1__intent__init(storage)
        unsafe storage.pointee.version = version
        if !backend.isEmpty {
            unsafe storage.pointee.backend = try arena.string(backend, "backends.shim.v1.Intent.backend")
        }
        if !instance.isEmpty {
            unsafe storage.pointee.instance = try arena.string(instance, "backends.shim.v1.Intent.instance")
        }
        if !model.isEmpty {
            unsafe storage.pointee.model = try arena.string(model, "backends.shim.v1.Intent.model")
        }
        if !mark.isEmpty {
            unsafe storage.pointee.mark = try arena.string(mark, "backends.shim.v1.Intent.mark")
        }
        unsafe storage.pointee.lock_limit = lockLimit
        if !group.isEmpty {
            unsafe storage.pointee.group = try arena.string(group, "backends.shim.v1.Intent.group")
        }
        if !address.isEmpty {
            unsafe storage.pointee.address = try arena.string(address, "backends.shim.v1.Intent.address")
        }
        unsafe storage.pointee.port = port
        if !socket.isEmpty {
            unsafe storage.pointee.socket = try arena.string(socket, "backends.shim.v1.Intent.socket")
        }
        unsafe storage.pointee.configuration = configuration
        unsafe storage.pointee.start_time = startTime
        unsafe storage.pointee.restarts = restarts
        unsafe storage.pointee.was_ready = wasReady ? 1 : 0
        unsafe storage.pointee.has_booted = hasBooted ? 1 : 0
        unsafe storage.pointee.is_ready = isReady ? 1 : 0
        unsafe storage.pointee.is_stopping = isStopping ? 1 : 0
        if let end {
            unsafe storage.pointee.end = try arena.message(end).assumingMemoryBound(to: Backends__Shim__V1__End.self)
        }
        unsafe storage.pointee.on_daemon_exit = Backends__Shim__V1__DaemonExit(rawValue: .init(truncatingIfNeeded: onDaemonExit.rawValue))
        if let outputStart {
            unsafe storage.pointee.output_start = try arena.message(outputStart).assumingMemoryBound(to: Backends__Shim__V1__LogPlace.self)
        }
        if let errorStart {
            unsafe storage.pointee.error_start = try arena.message(errorStart).assumingMemoryBound(to: Backends__Shim__V1__LogPlace.self)
        }
        if !logDirectory.isEmpty {
            unsafe storage.pointee.log_directory = try arena.string(logDirectory, "backends.shim.v1.Intent.log_directory")
        }
        unsafe storage.pointee.is_restarting = isRestarting ? 1 : 0
    }
}

extension ShimIntent {
    /// A `backends.shim.v1.Intent` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ShimIntent
        @usableFromInline let storage: UnsafePointer<Backends__Shim__V1__Intent>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Intent.self)
        }

        /// The message as a value.
        package func copied() -> ShimIntent {
            unsafe ShimIntent(copying: storage)
        }

        package var version: UInt32 { unsafe storage.pointee.version }

        package var backend: String { unsafe MessageFields.string(storage.pointee.backend) }

        @inlinable package func withBackend<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.backend, body)
        }

        package var instance: String { unsafe MessageFields.string(storage.pointee.instance) }

        @inlinable package func withInstance<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.instance, body)
        }

        package var model: String { unsafe MessageFields.string(storage.pointee.model) }

        @inlinable package func withModel<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model, body)
        }

        package var mark: String { unsafe MessageFields.string(storage.pointee.mark) }

        @inlinable package func withMark<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.mark, body)
        }

        package var lockLimit: UInt64 { unsafe storage.pointee.lock_limit }

        package var group: String { unsafe MessageFields.string(storage.pointee.group) }

        @inlinable package func withGroup<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.group, body)
        }

        package var address: String { unsafe MessageFields.string(storage.pointee.address) }

        @inlinable package func withAddress<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.address, body)
        }

        package var port: UInt32 { unsafe storage.pointee.port }

        package var socket: String { unsafe MessageFields.string(storage.pointee.socket) }

        @inlinable package func withSocket<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.socket, body)
        }

        package var configuration: UInt64 { unsafe storage.pointee.configuration }

        package var startTime: Int64 { unsafe storage.pointee.start_time }

        package var restarts: UInt32 { unsafe storage.pointee.restarts }

        package var wasReady: Bool { unsafe storage.pointee.was_ready != 0 }

        package var hasBooted: Bool { unsafe storage.pointee.has_booted != 0 }

        package var isReady: Bool { unsafe storage.pointee.is_ready != 0 }

        package var isStopping: Bool { unsafe storage.pointee.is_stopping != 0 }

        @inlinable package var hasEnd: Bool { unsafe storage.pointee.end != nil }

        @inlinable package func withEnd<Result, Failure: Error>(
            _ body: (borrowing ShimEnd.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.end else { return nil }
            return try body(ShimEnd.View(message))
        }

        package var onDaemonExit: ShimDaemonExit { unsafe ShimDaemonExit(rawValue: Int32(truncatingIfNeeded: storage.pointee.on_daemon_exit.rawValue)) }

        @inlinable package var hasOutputStart: Bool { unsafe storage.pointee.output_start != nil }

        @inlinable package func withOutputStart<Result, Failure: Error>(
            _ body: (borrowing ShimLogPlace.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.output_start else { return nil }
            return try body(ShimLogPlace.View(message))
        }

        @inlinable package var hasErrorStart: Bool { unsafe storage.pointee.error_start != nil }

        @inlinable package func withErrorStart<Result, Failure: Error>(
            _ body: (borrowing ShimLogPlace.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.error_start else { return nil }
            return try body(ShimLogPlace.View(message))
        }

        package var logDirectory: String { unsafe MessageFields.string(storage.pointee.log_directory) }

        @inlinable package func withLogDirectory<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.log_directory, body)
        }

        package var isRestarting: Bool { unsafe storage.pointee.is_restarting != 0 }
    }
}

extension ShimLogPlace: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__Shim__V1__LogPlace>.size }
    package static let protobufName = "backends.shim.v1.LogPlace"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__Shim__V1__LogPlace()
        unsafe backends__shim__v1__log_place__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__LogPlace.self)
        device = unsafe storage.pointee.device
        inode = unsafe storage.pointee.inode
        offset = unsafe storage.pointee.offset
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__Shim__V1__LogPlace.self, capacity: 1)
        unsafe backends__shim__v1__log_place__init(storage)
        unsafe storage.pointee.device = device
        unsafe storage.pointee.inode = inode
        unsafe storage.pointee.offset = offset
    }
}

extension ShimLogPlace {
    /// A `backends.shim.v1.LogPlace` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ShimLogPlace
        @usableFromInline let storage: UnsafePointer<Backends__Shim__V1__LogPlace>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__LogPlace.self)
        }

        /// The message as a value.
        package func copied() -> ShimLogPlace {
            unsafe ShimLogPlace(copying: storage)
        }

        package var device: UInt64 { unsafe storage.pointee.device }

        package var inode: UInt64 { unsafe storage.pointee.inode }

        package var offset: UInt64 { unsafe storage.pointee.offset }
    }
}

extension ShimLaunch: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__Shim__V1__Launch>.size }
    package static let protobufName = "backends.shim.v1.Launch"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__Shim__V1__Launch()
        unsafe backends__shim__v1__launch__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Launch.self)
        version = unsafe storage.pointee.version
        program = unsafe MessageFields.string(storage.pointee.program)
        arguments = unsafe MessageFields.strings(storage.pointee.arguments, Int(storage.pointee.n_arguments))
        environment = unsafe MessageFields.strings(storage.pointee.environment, Int(storage.pointee.n_environment))
        directory = unsafe MessageFields.string(storage.pointee.directory)
        group = unsafe MessageFields.string(storage.pointee.group)
        nice = unsafe storage.pointee.nice
        processors = unsafe MessageFields.scalars(storage.pointee.processors, Int(storage.pointee.n_processors)) { $0 }
        limits = unsafe MessageFields.messages(storage.pointee.limits, Int(storage.pointee.n_limits), ShimResourceLimit.self)
        logDirectory = unsafe MessageFields.string(storage.pointee.log_directory)
        output = unsafe storage.pointee.output.map { ShimLogFile(copying: $0) }
        error = unsafe storage.pointee.error.map { ShimLogFile(copying: $0) }
        end = unsafe storage.pointee.end.map { ShimEnd(copying: $0) }
        onDaemonExit = unsafe ShimDaemonExit(rawValue: Int32(truncatingIfNeeded: storage.pointee.on_daemon_exit.rawValue))
        directoryCheck = unsafe storage.pointee.directory_check
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__Shim__V1__Launch.self, capacity: 1)
        unsafe backends__shim__v1__launch__init(storage)
        unsafe storage.pointee.version = version
        if !program.isEmpty {
            unsafe storage.pointee.program = try arena.string(program, "backends.shim.v1.Launch.program")
        }
        if !arguments.isEmpty {
            unsafe storage.pointee.arguments = try arena.strings(arguments, "backends.shim.v1.Launch.arguments")
            unsafe storage.pointee.n_arguments = arguments.count
        }
        if !environment.isEmpty {
            unsafe storage.pointee.environment = try arena.strings(environment, "backends.shim.v1.Launch.environment")
            unsafe storage.pointee.n_environment = environment.count
        }
        if !directory.isEmpty {
            unsafe storage.pointee.directory = try arena.string(directory, "backends.shim.v1.Launch.directory")
        }
        if !group.isEmpty {
            unsafe storage.pointee.group = try arena.string(group, "backends.shim.v1.Launch.group")
        }
        unsafe storage.pointee.nice = nice
        if !processors.isEmpty {
            unsafe storage.pointee.processors = try arena.scalars(processors)
            unsafe storage.pointee.n_processors = processors.count
        }
        if !limits.isEmpty {
            unsafe storage.pointee.limits = try arena.messages(limits).assumingMemoryBound(to: UnsafeMutablePointer<Backends__Shim__V1__ResourceLimit>?.self)
            unsafe storage.pointee.n_limits = limits.count
        }
        if !logDirectory.isEmpty {
            unsafe storage.pointee.log_directory = try arena.string(logDirectory, "backends.shim.v1.Launch.log_directory")
        }
        if let output {
            unsafe storage.pointee.output = try arena.message(output).assumingMemoryBound(to: Backends__Shim__V1__LogFile.self)
        }
        if let error {
            unsafe storage.pointee.error = try arena.message(error).assumingMemoryBound(to: Backends__Shim__V1__LogFile.self)
        }
        if let end {
            unsafe storage.pointee.end = try arena.message(end).assumingMemoryBound(to: Backends__Shim__V1__End.self)
        }
        unsafe storage.pointee.on_daemon_exit = Backends__Shim__V1__DaemonExit(rawValue: .init(truncatingIfNeeded: onDaemonExit.rawValue))
        unsafe storage.pointee.directory_check = directoryCheck
    }
}

extension ShimLaunch {
    /// A `backends.shim.v1.Launch` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ShimLaunch
        @usableFromInline let storage: UnsafePointer<Backends__Shim__V1__Launch>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Launch.self)
        }

        /// The message as a value.
        package func copied() -> ShimLaunch {
            unsafe ShimLaunch(copying: storage)
        }

        package var version: UInt32 { unsafe storage.pointee.version }

        package var program: String { unsafe MessageFields.string(storage.pointee.program) }

        @inlinable package func withProgram<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.program, body)
        }

        @inlinable package var argumentsCount: Int { Int(unsafe storage.pointee.n_arguments) }

        @inlinable package func withArguments<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < argumentsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.arguments[index], body)
        }

        @inlinable package var environmentCount: Int { Int(unsafe storage.pointee.n_environment) }

        @inlinable package func withEnvironment<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < environmentCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.environment[index], body)
        }

        package var directory: String { unsafe MessageFields.string(storage.pointee.directory) }

        @inlinable package func withDirectory<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.directory, body)
        }

        package var group: String { unsafe MessageFields.string(storage.pointee.group) }

        @inlinable package func withGroup<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.group, body)
        }

        package var nice: Int32 { unsafe storage.pointee.nice }

        @inlinable package var processorsCount: Int { Int(unsafe storage.pointee.n_processors) }

        package func processors(at index: Int) -> UInt32 {
            precondition(index >= 0 && index < processorsCount, "no element has this index")
            return unsafe storage.pointee.processors[index]
        }

        @inlinable package var limitsCount: Int { Int(unsafe storage.pointee.n_limits) }

        @inlinable package func withLimits<Result, Failure: Error>(
            at index: Int, _ body: (borrowing ShimResourceLimit.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < limitsCount, "no element has this index")
            guard let message = unsafe storage.pointee.limits[index] else { return nil }
            return try body(ShimResourceLimit.View(message))
        }

        package var logDirectory: String { unsafe MessageFields.string(storage.pointee.log_directory) }

        @inlinable package func withLogDirectory<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.log_directory, body)
        }

        @inlinable package var hasOutput: Bool { unsafe storage.pointee.output != nil }

        @inlinable package func withOutput<Result, Failure: Error>(
            _ body: (borrowing ShimLogFile.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.output else { return nil }
            return try body(ShimLogFile.View(message))
        }

        @inlinable package var hasError: Bool { unsafe storage.pointee.error != nil }

        @inlinable package func withError<Result, Failure: Error>(
            _ body: (borrowing ShimLogFile.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.error else { return nil }
            return try body(ShimLogFile.View(message))
        }

        @inlinable package var hasEnd: Bool { unsafe storage.pointee.end != nil }

        @inlinable package func withEnd<Result, Failure: Error>(
            _ body: (borrowing ShimEnd.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.end else { return nil }
            return try body(ShimEnd.View(message))
        }

        package var onDaemonExit: ShimDaemonExit { unsafe ShimDaemonExit(rawValue: Int32(truncatingIfNeeded: storage.pointee.on_daemon_exit.rawValue)) }

        package var directoryCheck: UInt32 { unsafe storage.pointee.directory_check }
    }
}

extension ShimResourceLimit: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__Shim__V1__ResourceLimit>.size }
    package static let protobufName = "backends.shim.v1.ResourceLimit"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__Shim__V1__ResourceLimit()
        unsafe backends__shim__v1__resource_limit__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__ResourceLimit.self)
        resource = unsafe storage.pointee.resource
        soft = unsafe storage.pointee.soft
        hard = unsafe storage.pointee.hard
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__Shim__V1__ResourceLimit.self, capacity: 1)
        unsafe backends__shim__v1__resource_limit__init(storage)
        unsafe storage.pointee.resource = resource
        unsafe storage.pointee.soft = soft
        unsafe storage.pointee.hard = hard
    }
}

extension ShimResourceLimit {
    /// A `backends.shim.v1.ResourceLimit` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ShimResourceLimit
        @usableFromInline let storage: UnsafePointer<Backends__Shim__V1__ResourceLimit>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__ResourceLimit.self)
        }

        /// The message as a value.
        package func copied() -> ShimResourceLimit {
            unsafe ShimResourceLimit(copying: storage)
        }

        package var resource: UInt32 { unsafe storage.pointee.resource }

        package var soft: UInt64 { unsafe storage.pointee.soft }

        package var hard: UInt64 { unsafe storage.pointee.hard }
    }
}

extension ShimLogFile: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__Shim__V1__LogFile>.size }
    package static let protobufName = "backends.shim.v1.LogFile"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__Shim__V1__LogFile()
        unsafe backends__shim__v1__log_file__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__LogFile.self)
        name = unsafe MessageFields.string(storage.pointee.name)
        size = unsafe storage.pointee.size
        files = unsafe storage.pointee.files
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__Shim__V1__LogFile.self, capacity: 1)
        unsafe backends__shim__v1__log_file__init(storage)
        if !name.isEmpty {
            unsafe storage.pointee.name = try arena.string(name, "backends.shim.v1.LogFile.name")
        }
        unsafe storage.pointee.size = size
        unsafe storage.pointee.files = files
    }
}

extension ShimLogFile {
    /// A `backends.shim.v1.LogFile` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ShimLogFile
        @usableFromInline let storage: UnsafePointer<Backends__Shim__V1__LogFile>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__LogFile.self)
        }

        /// The message as a value.
        package func copied() -> ShimLogFile {
            unsafe ShimLogFile(copying: storage)
        }

        package var name: String { unsafe MessageFields.string(storage.pointee.name) }

        @inlinable package func withName<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.name, body)
        }

        package var size: UInt64 { unsafe storage.pointee.size }

        package var files: UInt32 { unsafe storage.pointee.files }
    }
}

extension ShimEnd: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__Shim__V1__End>.size }
    package static let protobufName = "backends.shim.v1.End"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__Shim__V1__End()
        unsafe backends__shim__v1__end__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__End.self)
        signal = unsafe storage.pointee.signal
        grace = unsafe storage.pointee.grace
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__Shim__V1__End.self, capacity: 1)
        unsafe backends__shim__v1__end__init(storage)
        unsafe storage.pointee.signal = signal
        unsafe storage.pointee.grace = grace
    }
}

extension ShimEnd {
    /// A `backends.shim.v1.End` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ShimEnd
        @usableFromInline let storage: UnsafePointer<Backends__Shim__V1__End>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__End.self)
        }

        /// The message as a value.
        package func copied() -> ShimEnd {
            unsafe ShimEnd(copying: storage)
        }

        package var signal: UInt32 { unsafe storage.pointee.signal }

        package var grace: UInt32 { unsafe storage.pointee.grace }
    }
}

extension ShimCommand: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__Shim__V1__Command>.size }
    package static let protobufName = "backends.shim.v1.Command"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__Shim__V1__Command()
        unsafe backends__shim__v1__command__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Command.self)
        switch unsafe storage.pointee.kind_case.rawValue {
        case 1: kind = unsafe .end(storage.pointee.end.map { ShimEnd(copying: $0) } ?? ShimEnd())
        case 2: kind = unsafe .onDaemonExit(ShimDaemonExit(rawValue: Int32(truncatingIfNeeded: storage.pointee.on_daemon_exit.rawValue)))
        default: break
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__Shim__V1__Command.self, capacity: 1)
        unsafe backends__shim__v1__command__init(storage)
        switch kind {
        case .end(let value):
            unsafe storage.pointee.kind_case = Backends__Shim__V1__Command__KindCase(rawValue: 1)
            unsafe storage.pointee.end = try arena.message(value).assumingMemoryBound(to: Backends__Shim__V1__End.self)
        case .onDaemonExit(let value):
            unsafe storage.pointee.kind_case = Backends__Shim__V1__Command__KindCase(rawValue: 2)
            unsafe storage.pointee.on_daemon_exit = Backends__Shim__V1__DaemonExit(rawValue: .init(truncatingIfNeeded: value.rawValue))
        case nil: break
        }
    }
}

extension ShimCommand {
    /// A `backends.shim.v1.Command` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ShimCommand
        @usableFromInline let storage: UnsafePointer<Backends__Shim__V1__Command>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Command.self)
        }

        /// The message as a value.
        package func copied() -> ShimCommand {
            unsafe ShimCommand(copying: storage)
        }

        @inlinable package var hasEnd: Bool { unsafe storage.pointee.kind_case.rawValue == 1 }

        @inlinable package func withEnd<Result, Failure: Error>(
            _ body: (borrowing ShimEnd.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasEnd else { return nil }
            guard let message = unsafe storage.pointee.end else { return nil }
            return try body(ShimEnd.View(message))
        }

        @inlinable package var hasOnDaemonExit: Bool { unsafe storage.pointee.kind_case.rawValue == 2 }

        package var onDaemonExit: ShimDaemonExit? {
            guard hasOnDaemonExit else { return nil }
            return unsafe ShimDaemonExit(rawValue: Int32(truncatingIfNeeded: storage.pointee.on_daemon_exit.rawValue))
        }
    }
}

extension ShimRunning: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__Shim__V1__Running>.size }
    package static let protobufName = "backends.shim.v1.Running"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__Shim__V1__Running()
        unsafe backends__shim__v1__running__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Running.self)
        version = unsafe storage.pointee.version
        phase = unsafe ShimPhase(rawValue: Int32(truncatingIfNeeded: storage.pointee.phase.rawValue))
        bootID = unsafe MessageFields.string(storage.pointee.boot_id)
        shim = unsafe storage.pointee.shim.map { ShimProcess(copying: $0) }
        leader = unsafe storage.pointee.leader.map { ShimProcess(copying: $0) }
        droppedBytes = unsafe storage.pointee.dropped_bytes
        logError = unsafe storage.pointee.log_error
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__Shim__V1__Running.self, capacity: 1)
        unsafe backends__shim__v1__running__init(storage)
        unsafe storage.pointee.version = version
        unsafe storage.pointee.phase = Backends__Shim__V1__Phase(rawValue: .init(truncatingIfNeeded: phase.rawValue))
        if !bootID.isEmpty {
            unsafe storage.pointee.boot_id = try arena.string(bootID, "backends.shim.v1.Running.boot_id")
        }
        if let shim {
            unsafe storage.pointee.shim = try arena.message(shim).assumingMemoryBound(to: Backends__Shim__V1__Process.self)
        }
        if let leader {
            unsafe storage.pointee.leader = try arena.message(leader).assumingMemoryBound(to: Backends__Shim__V1__Process.self)
        }
        unsafe storage.pointee.dropped_bytes = droppedBytes
        unsafe storage.pointee.log_error = logError
    }
}

extension ShimRunning {
    /// A `backends.shim.v1.Running` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ShimRunning
        @usableFromInline let storage: UnsafePointer<Backends__Shim__V1__Running>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Running.self)
        }

        /// The message as a value.
        package func copied() -> ShimRunning {
            unsafe ShimRunning(copying: storage)
        }

        package var version: UInt32 { unsafe storage.pointee.version }

        package var phase: ShimPhase { unsafe ShimPhase(rawValue: Int32(truncatingIfNeeded: storage.pointee.phase.rawValue)) }

        package var bootID: String { unsafe MessageFields.string(storage.pointee.boot_id) }

        @inlinable package func withBootID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.boot_id, body)
        }

        @inlinable package var hasShim: Bool { unsafe storage.pointee.shim != nil }

        @inlinable package func withShim<Result, Failure: Error>(
            _ body: (borrowing ShimProcess.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.shim else { return nil }
            return try body(ShimProcess.View(message))
        }

        @inlinable package var hasLeader: Bool { unsafe storage.pointee.leader != nil }

        @inlinable package func withLeader<Result, Failure: Error>(
            _ body: (borrowing ShimProcess.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.leader else { return nil }
            return try body(ShimProcess.View(message))
        }

        package var droppedBytes: UInt64 { unsafe storage.pointee.dropped_bytes }

        package var logError: UInt32 { unsafe storage.pointee.log_error }
    }
}

extension ShimProcess: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__Shim__V1__Process>.size }
    package static let protobufName = "backends.shim.v1.Process"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__Shim__V1__Process()
        unsafe backends__shim__v1__process__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Process.self)
        pid = unsafe storage.pointee.pid
        startTicks = unsafe storage.pointee.start_ticks
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__Shim__V1__Process.self, capacity: 1)
        unsafe backends__shim__v1__process__init(storage)
        unsafe storage.pointee.pid = pid
        unsafe storage.pointee.start_ticks = startTicks
    }
}

extension ShimProcess {
    /// A `backends.shim.v1.Process` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ShimProcess
        @usableFromInline let storage: UnsafePointer<Backends__Shim__V1__Process>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Process.self)
        }

        /// The message as a value.
        package func copied() -> ShimProcess {
            unsafe ShimProcess(copying: storage)
        }

        package var pid: UInt32 { unsafe storage.pointee.pid }

        package var startTicks: UInt64 { unsafe storage.pointee.start_ticks }
    }
}

extension ShimExit: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__Shim__V1__Exit>.size }
    package static let protobufName = "backends.shim.v1.Exit"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__Shim__V1__Exit()
        unsafe backends__shim__v1__exit__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Exit.self)
        version = unsafe storage.pointee.version
        switch unsafe storage.pointee.kind_case.rawValue {
        case 2: kind = unsafe .code(storage.pointee.code)
        case 3: kind = unsafe .signal(storage.pointee.signal)
        case 4: kind = unsafe .failure(storage.pointee.failure.map { ShimFailure(copying: $0) } ?? ShimFailure())
        default: break
        }
        cleared = unsafe storage.pointee.cleared != 0
        time = unsafe storage.pointee.time
        userMicroseconds = unsafe storage.pointee.user_microseconds
        systemMicroseconds = unsafe storage.pointee.system_microseconds
        residentKilobytes = unsafe storage.pointee.resident_kilobytes
        droppedBytes = unsafe storage.pointee.dropped_bytes
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__Shim__V1__Exit.self, capacity: 1)
        unsafe backends__shim__v1__exit__init(storage)
        unsafe storage.pointee.version = version
        switch kind {
        case .code(let value):
            unsafe storage.pointee.kind_case = Backends__Shim__V1__Exit__KindCase(rawValue: 2)
            unsafe storage.pointee.code = value
        case .signal(let value):
            unsafe storage.pointee.kind_case = Backends__Shim__V1__Exit__KindCase(rawValue: 3)
            unsafe storage.pointee.signal = value
        case .failure(let value):
            unsafe storage.pointee.kind_case = Backends__Shim__V1__Exit__KindCase(rawValue: 4)
            unsafe storage.pointee.failure = try arena.message(value).assumingMemoryBound(to: Backends__Shim__V1__Failure.self)
        case nil: break
        }
        unsafe storage.pointee.cleared = cleared ? 1 : 0
        unsafe storage.pointee.time = time
        unsafe storage.pointee.user_microseconds = userMicroseconds
        unsafe storage.pointee.system_microseconds = systemMicroseconds
        unsafe storage.pointee.resident_kilobytes = residentKilobytes
        unsafe storage.pointee.dropped_bytes = droppedBytes
    }
}

extension ShimExit {
    /// A `backends.shim.v1.Exit` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ShimExit
        @usableFromInline let storage: UnsafePointer<Backends__Shim__V1__Exit>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Exit.self)
        }

        /// The message as a value.
        package func copied() -> ShimExit {
            unsafe ShimExit(copying: storage)
        }

        package var version: UInt32 { unsafe storage.pointee.version }

        @inlinable package var hasCode: Bool { unsafe storage.pointee.kind_case.rawValue == 2 }

        package var code: UInt32? {
            guard hasCode else { return nil }
            return unsafe storage.pointee.code
        }

        @inlinable package var hasSignal: Bool { unsafe storage.pointee.kind_case.rawValue == 3 }

        package var signal: UInt32? {
            guard hasSignal else { return nil }
            return unsafe storage.pointee.signal
        }

        @inlinable package var hasFailure: Bool { unsafe storage.pointee.kind_case.rawValue == 4 }

        @inlinable package func withFailure<Result, Failure: Error>(
            _ body: (borrowing ShimFailure.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasFailure else { return nil }
            guard let message = unsafe storage.pointee.failure else { return nil }
            return try body(ShimFailure.View(message))
        }

        package var cleared: Bool { unsafe storage.pointee.cleared != 0 }

        package var time: Int64 { unsafe storage.pointee.time }

        package var userMicroseconds: UInt64 { unsafe storage.pointee.user_microseconds }

        package var systemMicroseconds: UInt64 { unsafe storage.pointee.system_microseconds }

        package var residentKilobytes: UInt64 { unsafe storage.pointee.resident_kilobytes }

        package var droppedBytes: UInt64 { unsafe storage.pointee.dropped_bytes }
    }
}

extension ShimFailure: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Backends__Shim__V1__Failure>.size }
    package static let protobufName = "backends.shim.v1.Failure"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Backends__Shim__V1__Failure()
        unsafe backends__shim__v1__failure__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Failure.self)
        stage = unsafe ShimStage(rawValue: Int32(truncatingIfNeeded: storage.pointee.stage.rawValue))
        error = unsafe storage.pointee.error
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Backends__Shim__V1__Failure.self, capacity: 1)
        unsafe backends__shim__v1__failure__init(storage)
        unsafe storage.pointee.stage = Backends__Shim__V1__Stage(rawValue: .init(truncatingIfNeeded: stage.rawValue))
        unsafe storage.pointee.error = error
    }
}

extension ShimFailure {
    /// A `backends.shim.v1.Failure` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = ShimFailure
        @usableFromInline let storage: UnsafePointer<Backends__Shim__V1__Failure>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Backends__Shim__V1__Failure.self)
        }

        /// The message as a value.
        package func copied() -> ShimFailure {
            unsafe ShimFailure(copying: storage)
        }

        package var stage: ShimStage { unsafe ShimStage(rawValue: Int32(truncatingIfNeeded: storage.pointee.stage.rawValue)) }

        package var error: UInt32 { unsafe storage.pointee.error }
    }
}
