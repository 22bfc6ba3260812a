// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TextKeys

/// A command that runs while a start lock or a model is held for it: a child process that gets the signals of this
/// process.
///
/// The child shares the terminal, so signals from the keyboard reach it directly.
enum HeldCommand {
    /// The signals that are passed on to the child. Block them while the process has one thread.
    static let signals: [Signal] = [.hangup, .interrupt, .quit, .terminate, .user1, .user2]

    /// Runs a command to its end. Cancelling sends it SIGTERM, and SIGKILL ten seconds later.
    ///
    /// - Returns: Its exit status, as a shell would show it.
    /// - Throws: ``CommandNotRun`` if it cannot be started.
    static func run(_ arguments: [String], environment: TextMap<String>) async throws -> Int32 {
        do throws(SystemError) {
            return try await ended(arguments, environment).shellCode
        } catch {
            throw CommandNotRun(error: error)
        }
    }

    private static func ended(
        _ arguments: [String], _ environment: TextMap<String>
    ) async throws(SystemError) -> ChildProcess.Status {
        let loop = try EventLoop(name: "command")
        try loop.start()
        defer {
            loop.stop()
            loop.join()
        }
        let ended = OneShot<RunningCommand.Outcome>()
        let child = try await loop.run { () throws(SystemError) in
            LoopBound(try RunningCommand(arguments, environment, loop, ended), on: loop)
        }
        let outcome = await withTaskCancellationHandler {
            await ended.valueDespiteCancellation()
        } onCancel: {
            loop.execute { child.withValue { $0.terminate() } }
        }
        await loop.run { child.withValue { $0.finish() } }
        return try outcome.get()
    }
}
