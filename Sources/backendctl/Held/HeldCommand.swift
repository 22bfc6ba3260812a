// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TextKeys

/// A command that runs while something is held for it, a start lock or a model: a child that gets the signals this process gets.
///
/// The child shares the terminal, so signals from the keyboard reach it without help.
enum HeldCommand {
    /// What is passed on to the child. To be blocked before there is a second thread.
    static let signals: [Signal] = [.hangup, .interrupt, .quit, .terminate, .user1, .user2]

    /// Runs a command to its end. Cancelling sends it SIGTERM, and SIGKILL ten seconds later.
    ///
    /// - Returns: Its exit status, as shells have it.
    /// - Throws: ``CommandNotRun`` where it cannot be started.
    static func run(_ arguments: [String], environment: TextMap<String>) async throws -> Int32 {
        do {
            return try await ended(arguments, environment).shellCode
        } catch let error as SystemError {
            throw CommandNotRun(error: error)
        }
    }

    private static func ended(
        _ arguments: [String], _ environment: TextMap<String>
    ) async throws -> ChildProcess.Status {
        let loop = try EventLoop(name: "command")
        try loop.start()
        let ended = ExitSignal()
        let result: Result<ChildProcess.Status, any Error>
        do {
            let child = try await loop.run {
                LoopBound(try RunningCommand(arguments, environment, loop, ended), on: loop)
            }
            result = await withTaskCancellationHandler {
                await ended.wait()
            } onCancel: {
                loop.execute { child.withValue { $0.terminate() } }
            }
            await loop.run { child.withValue { $0.finish() } }
        } catch {
            result = .failure(error)
        }
        loop.stop()
        loop.join()
        return try result.get()
    }
}
