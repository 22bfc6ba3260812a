// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import SystemIO

@main
enum Main {
    /// Runs the command as a task on the main thread, in a loop of its own: libdispatch's main thread would take the
    /// signals that all others block.
    static func main() {
        FileDescriptor.holdStandardStreams()
        let arguments = Array(CommandLine.arguments.dropFirst())
        let status = Guarded<Int32>(ExitStatus.success.rawValue)
        do {
            if let place = ProcessInformation.malformedArgument {
                throw ValidationError("argument \(place) is not valid UTF-8")
            }
            for prefix in ["BACKENDD_", "BACKENDCTL_"] {
                if let name = Environment.malformedName(prefix: prefix) {
                    throw ValidationError("the environment variable \(name) is not valid UTF-8")
                }
            }
            if let failure = UsageProblem.unknownTopic(arguments) { throw failure }
            let isWatched = try blockingSignals(arguments)
            let loop = try EventLoop(name: "backendctl")
            Task(executorPreference: loop) {
                // The watch lasts until everything is written.
                let watch = isWatched ? try? await Progress.watchSignals() : nil
                defer { withExtendedLifetime(watch) {} }
                do {
                    try await run(arguments)
                } catch let error as BackendClientError {
                    let hint = await Suggestion.hint(for: error, arguments)
                    let failure = complain(error, hint, arguments)
                    status.withLock { $0 = failure }
                } catch {
                    let failure = report(error, arguments)
                    status.withLock { $0 = failure }
                }
                loop.stop()
            }
            loop.run()
        } catch {
            let failure = report(error, arguments)
            status.withLock { $0 = failure }
        }
        Backendctl.exit(withError: ExitCode(status.withLock { $0 }))
    }

    /// Blocks the signals that a command handles itself. Returns whether they are to end the process once its progress
    /// line is removed. Call while the process has one thread.
    private static func blockingSignals(_ arguments: [String]) throws -> Bool {
        guard arguments.first != "---completion" else { return false }
        let command = try Backendctl.parseAsRoot(GlobalArguments.behindCommand(arguments))
        // Otherwise they would end this process before they are passed on.
        if command is LockCommand || command is UseCommand { try SignalSource.block(HeldCommand.signals) }
        // Otherwise the terminal would stay in the state that the table needs.
        if let top = command as? TopCommand, top.isLive { try SignalSource.block(TerminalInput.signals) }
        // Otherwise the progress line would stay.
        guard command is any WaitingCommand, Progress.isVisible else { return false }
        try SignalSource.block(Progress.signals)
        return true
    }

    private static func run(_ arguments: [String]) async throws {
        guard arguments.first != "---completion" else { return await Backendctl.main(arguments) }
        var command = try Backendctl.parseAsRoot(GlobalArguments.behindCommand(arguments))
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
        }
    }

    /// Writes what went wrong, or what was asked for, and returns the exit status.
    private static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
        switch error {
        case let error as BackendClientError: return complain(error, nil, arguments)
        case let failure as CommandFailure: return complain(failure, failure.status.rawValue, arguments)
        case let failure as CommandNotRun:
            return complain(.failure("COMMAND_NOT_RUN", failure.error.description), failure.status, arguments)
        case let error as SystemError where error.isDisconnect: return ExitStatus.brokenPipe.rawValue
        case let error as SystemError:
            return complain(.failure("SYSTEM", error.description), ExitStatus.failure.rawValue, arguments)
        case let code as ExitCode: return code.rawValue
        default: return reportParsing(error, arguments)
        }
    }

    /// Help and the like were asked for; anything else is a wrong command line.
    private static func reportParsing(_ error: any Error, _ arguments: [String]) -> Int32 {
        guard Backendctl.exitCode(for: error) != .success else {
            do {
                try Output.write(Backendctl.fullMessage(for: error) + "\n")
                return ExitStatus.success.rawValue
            } catch {
                return report(error, arguments)
            }
        }
        let message = Backendctl.message(for: error)
        return complain(UsageProblem.failure(message, arguments), ExitStatus.usage.rawValue, arguments)
    }

    private static func complain(_ failure: CommandFailure, _ status: Int32, _ arguments: [String]) -> Int32 {
        complain(ErrorLine(failure), status, arguments)
    }

    private static func complain(_ error: BackendClientError, _ hint: String?, _ arguments: [String]) -> Int32 {
        var line = ErrorLine(error, in: GlobalArguments.behindCommand(arguments).first)
        line.hint = hint ?? line.hint
        return complain(line, ExitStatus(error).rawValue, arguments)
    }

    private static func complain(_ line: ErrorLine, _ status: Int32, _ arguments: [String]) -> Int32 {
        // If it cannot be written, only the exit status tells.
        try? ProcessInformation.writeStandardError(line.rendered(as: GlobalArguments.output(arguments)))
        return status
    }
}
