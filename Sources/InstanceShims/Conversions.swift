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
        onDaemonExit = intent.onDaemonExit == .end ? .end : .adopt
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
            end: ShimEnd(note.stopSignal, within: note.stopTimeout), onDaemonExit: ShimDaemonExit(note.onDaemonExit))
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
    /// Why the program was not started.
    func error(of launch: TreeLaunch) -> BackendError {
        let (spec, limits) = (launch.program, launch.program.limits)
        let call: String
        var subject: String?
        switch stage {
        case .program: (call, subject) = ("start", spec.arguments.first)
        case .fork: call = "start"
        case .directory: (call, subject) = ("enter the working directory", spec.directory)
        case .limits: call = "set limits.resources"
        case .nice: (call, subject) = ("set limits.nice", limits.nice.map(String.init))
        case .processors: call = "set limits.cpus"
        case .group: call = "join its control group"
        case .log: (call, subject) = ("keep its output in", launch.logDirectory)
        case .launch: call = "pass it to its shim"
        case .lock, .records: call = "note its state"
        case .events, .session, .streams: call = "set it up"
        case .daemonLost: call = "reach the daemon"
        case .unspecified, .unrecognized: call = "start it"
        }
        return spec.failure(SystemError(code: Int32(clamping: error), call: call, subject: subject))
    }
}
