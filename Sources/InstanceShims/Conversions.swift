// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import SystemIO
internal import TextKeys

extension InstanceNote {
    init(_ intent: ShimIntent) {
        let end = intent.end ?? ShimEnd()
        self.init(
            backend: intent.backend, instance: intent.instance, model: intent.model.isEmpty ? nil : intent.model,
            address: intent.address, port: UInt16(exactly: intent.port).flatMap { $0 == 0 ? nil : $0 },
            socket: intent.socket.isEmpty ? nil : intent.socket, configuration: intent.configuration,
            startTime: Timestamp(nanoseconds: intent.startTime), restarts: Int(intent.restarts),
            stopTimeout: .milliseconds(Int64(end.grace)))
        stopSignal = end.signal == 0 ? .terminate : Signal(rawValue: Int32(clamping: end.signal))
        wasReady = intent.wasReady
        hasBooted = intent.hasBooted
        isReady = intent.isReady
        isStopping = intent.isStopping
        isRestarting = intent.isRestarting
        onDaemonExit = intent.onDaemonExit == .end ? .end : .adopt
        logDirectory = intent.logDirectory
        logStart[.standardOutput] = intent.outputStart.map { LogPlace($0) }
        logStart[.standardError] = intent.errorStart.map { LogPlace($0) }
    }
}

extension LogPlace {
    init(_ place: ShimLogPlace) {
        self.init(
            file: FileIdentity(device: place.device, inode: place.inode), offset: Int64(clamping: place.offset))
    }
}

extension ShimLogPlace {
    init(_ place: LogPlace) {
        self.init(device: place.file.device, inode: place.file.inode, offset: UInt64(clamping: place.offset))
    }
}

extension ShimIntent {
    init(_ note: InstanceNote, mark: ProcessMark, group: String?) {
        self.init(
            version: RunDirectory.version, backend: note.backend, instance: note.instance, model: note.model ?? "",
            mark: mark.text, lockLimit: mark.lockLimit ?? 0, group: group ?? "", address: note.address,
            port: UInt32(note.port ?? 0), socket: note.socket ?? "", configuration: note.configuration,
            startTime: note.startTime.totalNanoseconds, restarts: UInt32(clamping: note.restarts),
            wasReady: note.wasReady, hasBooted: note.hasBooted, isReady: note.isReady, isStopping: note.isStopping,
            end: ShimEnd(note.stopSignal, within: note.stopTimeout), onDaemonExit: ShimDaemonExit(note.onDaemonExit),
            outputStart: note.logStart[.standardOutput].map { ShimLogPlace($0) },
            errorStart: note.logStart[.standardError].map { ShimLogPlace($0) }, logDirectory: note.logDirectory,
            isRestarting: note.isRestarting)
    }

    /// Nil if there is none, or it is gone.
    var controlGroup: Cgroup? { group.isEmpty ? nil : Cgroup(existing: group) }

    var processMark: ProcessMark { ProcessMark(text: mark, lockLimit: lockLimit == 0 ? nil : lockLimit) }
}

extension ShimEnd {
    /// Without a signal, the program is not asked; after the time, what is left is killed.
    init(_ signal: Signal?, within timeout: Duration) {
        self.init(signal: UInt32(clamping: signal?.rawValue ?? 0), grace: timeout.shimMilliseconds)
    }
}

extension Duration {
    fileprivate var shimMilliseconds: UInt32 {
        let milliseconds =
            components.seconds.multipliedReportingOverflow(by: 1000).partialValue
            + components.attoseconds / 1_000_000_000_000_000
        return self > .seconds(86_400 * 40) ? .max : UInt32(clamping: milliseconds)
    }
}

extension ShimLaunch {
    init(
        _ launch: TreeLaunch, program: String, mark: ProcessMark, group: String?, directoryCheck: Duration?
    ) {
        let (spec, limits) = (launch.program, launch.program.limits)
        var environment = spec.environment
        environment[ProcessMark.variable] = mark.text
        var resources = limits.resources.sorted().compactMap { name, value in
            ProcessLimits.number(of: name).map { number in
                ShimResourceLimit(resource: number, soft: UInt64(clamping: value), hard: UInt64(clamping: value))
            }
        }
        if let limit = mark.lockLimit, limits.resources["locks"] == nil {
            resources.append(ShimResourceLimit(resource: ProcessLimits.fileLocks, soft: limit, hard: .max))
        }
        self.init(
            version: RunDirectory.version, program: program, arguments: spec.arguments,
            environment: environment.map { "\($0.key)=\($0.value)" }, directory: spec.directory ?? "/",
            group: group ?? "", nice: Int32(limits.nice ?? ProcessInformation.niceness),
            processors: limits.processors.map { UInt32(clamping: $0) }, limits: resources,
            logDirectory: launch.logDirectory, output: ShimLogFile(launch.output), error: ShimLogFile(launch.error),
            end: ShimEnd(launch.note.stopSignal, within: launch.note.stopTimeout),
            onDaemonExit: ShimDaemonExit(launch.note.onDaemonExit),
            directoryCheck: directoryCheck?.shimMilliseconds ?? 0)
    }
}

extension ShimLogFile {
    fileprivate init(_ rotation: LogRotation) {
        self.init(name: rotation.name, size: UInt64(clamping: rotation.size), files: UInt32(clamping: rotation.files))
    }
}

extension ShimDaemonExit {
    init(_ policy: DaemonExitPolicy) {
        switch policy {
        case .adopt: self = .adopt
        case .end: self = .end
        }
    }
}

extension ShimExit {
    /// How the program ended; nil if it was never started.
    var status: ChildProcess.Status? {
        switch kind {
        case .code(let code): .exited(Int32(clamping: code))
        case .signal(let signal): .signaled(Signal(rawValue: Int32(clamping: signal)))
        case .failure, nil: nil
        }
    }

    /// Why the program was not started.
    var failure: ShimFailure? {
        guard case .failure(let failure) = kind else { return nil }
        return failure
    }
}

extension ShimFailure {
    /// The exit codes of a shim that fails begin here, with those of the stages.
    private static let firstCode: Int32 = 64

    /// What the exit code of a shim says; nil if that is not a stage.
    init?(exitCode code: Int32) {
        let stage = ShimStage(rawValue: code - Self.firstCode)
        guard code > Self.firstCode else { return nil }
        if case .unrecognized = stage { return nil }
        self.init(stage: stage)
    }

    /// Why the program was not started.
    func error(of launch: TreeLaunch) -> BackendError {
        let (call, subject) = step(of: launch)
        return launch.program.failure(SystemError(code: Int32(clamping: error), call: call, subject: subject))
    }

    /// What the shim could not do, and with what.
    func step(of launch: TreeLaunch) -> (call: String, subject: String?) {
        let (spec, limits) = (launch.program, launch.program.limits)
        return switch stage {
        case .program: ("start", spec.arguments.first)
        case .fork: ("start", nil)
        case .directory: ("enter the working directory", spec.directory)
        case .limits: ("set limits.resources", nil)
        case .nice: ("set limits.nice", limits.nice.map(String.init))
        case .processors: ("set limits.cpus", nil)
        case .group: ("join its control group", nil)
        case .log: ("keep its output in", launch.logDirectory)
        case .launch: ("pass it to its shim", nil)
        case .lock, .records: ("note its state", nil)
        case .events, .session, .streams: ("set it up", nil)
        case .daemonLost: ("reach the daemon", nil)
        case .unspecified, .unrecognized: ("start it", nil)
        }
    }
}
