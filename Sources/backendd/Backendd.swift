// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsAPI
internal import BackendsServer
internal import ConfigDocument
internal import Logging
internal import SystemIO
internal import TextKeys

/// The command line of the daemon.
@main
struct Backendd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backendd",
        abstract: "The init system for AI model backends on this host.",
        discussion: """
            Serves one Unix socket, from which every process and language of the host configures, starts, stops, locks and \
            watches model backends. Without a configuration it serves one LOCAL backend named local.

            On SIGTERM or SIGINT, new calls are refused. Running calls may finish, and start locks and uses of models stay with \
            their holders, for up to the configured grace period. Then the daemon stops the backends, which may take as long \
            again. A second signal kills all processes that still run and ends the daemon at once. On SIGHUP the daemon reads its \
            configuration again, as 'backendctl reload' does.

            Exit codes: 0 stopped on request; 1 an internal error, a process limit that is too low, or output that cannot be \
            written; 2 wrong arguments or configuration; 3 the socket cannot be served, or another daemon uses the state \
            directory.
            """,
        version: ProductVersion.current)

    @Option(
        help:
            """
            Path of the socket. Default: the socket that systemd passes, or else $XDG_RUNTIME_DIR/backendd/backendd.sock, or \
            else /run/backendd/backendd.sock.
            """
    )
    var socket: String?

    @Option(help: "The configuration file. Default: /etc/backendd/config.yaml, if it exists.")
    var config: String?

    @Option(
        help:
            """
            Directory for what outlives the daemon; none keeps nothing. Default: /var/lib/backendd for root, or else \
            $XDG_STATE_HOME/backendd, or else ~/.local/state/backendd.
            """
    )
    var stateDirectory: String?

    @Option(help: "The lowest level that is logged: trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Option(help: "How a log line is written: logfmt or json.")
    var logFormat: String?

    @Flag(help: "Check the configuration, print errors and warnings, and exit.")
    var checkConfig = false

    /// What the flags say, shaped like the configuration document.
    private var flags: ConfigValue {
        var flags: TextMap<ConfigValue> = [:]
        flags["socket"] = socket.map { .string($0) }
        flags["state_directory"] = stateDirectory.map { .string($0) }
        flags["log_level"] = logLevel.map { .string($0) }
        flags["log_format"] = logFormat.map { .string($0) }
        return .map(flags)
    }

    static func main() {
        FileDescriptor.holdStandardStreams()
        if ProcessInformation.stackLimit < leastStack {
            // Little of the stack is left for a message.
            try? ProcessInformation.writeStandardError(
                "backendd: cannot start: the limit of the stack (ulimit -s) must be at least 256 KiB\n")
            exit(withError: ExitCode(1))
        }
        do {
            // The reader of the log may go at any moment; the daemon and its processes stay.
            ProcessInformation.ignoreBrokenPipes()
            // Before there is a second thread, so that every thread has them blocked. Those without a meaning stay blocked.
            try SignalSource.block([.terminate, .interrupt, .hangup] + Signal.withoutMeaning)
            if let place = ProcessInformation.malformedArgument {
                throw ValidationError("argument \(place) is not valid UTF-8")
            }
            if let name = Environment.malformedName(prefix: "BACKENDD_") {
                throw ValidationError("the environment variable \(name) is not valid UTF-8")
            }
            try requireMemory(threads: 0)
            ProcessInformation.keepHeap(Self.keptHeap, largest: Self.keptHeap / 2)
            var command = try parseAsRoot()
            try command.run()
        } catch let error as DaemonExit {
            printError(error.message, as: "backendd: ")
            exit(withError: error.code)
        } catch {
            switch exitCode(for: error) {
            case .success: exit(withError: answered(error))
            case .validationFailure: exit(withError: shown(error))
            default: exit(withError: error)
            }
        }
    }

    private static let leastStack: UInt64 = 256 << 10
    /// The largest request, which is in memory twice while it is decoded, and as much again while its buffer grows.
    private static let keptHeap = 16 << 20

    /// ArgumentParser reports `--help` and `--version` as errors; this writes their text.
    private static func answered(_ error: any Error) -> ExitCode {
        do throws(DaemonExit) {
            try write(fullMessage(for: error) + "\n")
            return .success
        } catch {
            printError(error.message, as: "backendd: ")
            return error.code
        }
    }

    /// Writes what was asked for to standard output. Signals are let through, so that one ends a write that blocks.
    private static func write(_ text: String) throws(DaemonExit) {
        SignalSource.unblockAll()
        do throws(SystemError) {
            try ProcessInformation.writeStandardOutput(text)
        } catch {
            throw .fault("cannot write to standard output: \(SystemError.text(for: error.code))")
        }
    }

    /// Prints a wrong use of the command line and turns it into this program's exit code for it.
    private static func shown(_ error: any Error) -> ExitCode {
        printError(fullMessage(for: error))
        return ExitCode(2)
    }

    /// Writes a text to standard error, each line behind a prefix. What comes from outside cannot drive a terminal.
    private static func printError(_ text: String, as prefix: String = "") {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            prefix + PlainText.escaped(String($0)) + "\n"
        }
        // As in `write`.
        SignalSource.unblockAll()
        // If it cannot be written, only the exit code reports the failure.
        try? ProcessInformation.writeStandardError(lines.joined())
    }

    func run() throws {
        let loader = ConfigurationLoader(path: config, environment: Environment.all, flags: flags)
        let loaded = try DaemonExit.asUsage { () throws(ConfigurationError) in try loader.load() }
        let configuration = loaded.configuration
        let logs = LogSettings(
            level: checkConfig ? .critical : configuration.logLevel, format: configuration.logFormat)
        if !checkConfig {
            try Self.requireMemory(threads: configuration.loops + Self.otherThreads)
            try Self.requireThreads(configuration.loops + Self.otherThreads)
        }
        let state = checkConfig ? nil : try DaemonState.open(configuration, log: logs.logger)
        let daemon = try DaemonExit.asUsage { () throws(ConfigurationError) in
            try Daemon(loaded, from: loader, state: state, logs: logs)
        }
        if checkConfig {
            if let risk = loaded.file?.risk { Self.printError(risk, as: "backendd: warning: ") }
            let count = configuration.backends.count
            for warning in daemon.warnings(loaded) {
                Self.printError(warning, as: "backendd: warning: ")
            }
            return try Self.write("the configuration is valid: \(count) backend\(count == 1 ? "" : "s")\n")
        }
        let descriptors = try Daemon.raiseDescriptorLimit()
        let share = ProcessInformation.memory()?.share(threads: configuration.loops + Self.otherThreads)
        try Self.wait { loop async throws(DaemonExit) in
            try await daemon.run(on: loop, descriptors: descriptors, memory: share.map { Int(clamping: $0) })
        }
    }

    /// Threads of the daemon beside those that serve connections: one that supervises, those that look up names, one that looks at its
    /// files, and one that saves its state.
    private static let otherThreads = 5

    /// Ends the daemon while it can still say why. Without threads of its own, it only has to read its arguments.
    private static func requireMemory(threads: Int) throws {
        guard let room = ProcessInformation.memory() else { return }
        if room.addressSpace != nil { ProcessInformation.shareHeap() }
        let shortage = threads > 0 ? room.shortage(threads: threads) : room.shortageOfHeap
        if let shortage { throw DaemonExit.fault("cannot start: \(shortage)") }
    }

    private static func requireThreads(_ count: Int) throws {
        do throws(SystemError) {
            try ProcessInformation.tryThreads(count)
        } catch {
            throw DaemonExit.fault(
                "cannot start: \(error); raise the limits of processes (ulimit -u, TasksMax) of the daemon's user")
        }
    }

    /// Runs the daemon's task on the main thread, in a loop of its own.
    private static func wait(_ body: @escaping @Sendable (EventLoop) async throws(DaemonExit) -> Void) throws {
        let loop = try EventLoop(name: "backendd")
        Background.use(loop)
        let result = Guarded<Result<Void, DaemonExit>>(.success(()))
        Task(executorPreference: loop) {
            do throws(DaemonExit) {
                try await body(loop)
            } catch {
                result.withLock { $0 = .failure(error) }
            }
            loop.stop()
        }
        loop.run()
        try result.withLock { $0 }.get()
    }
}
