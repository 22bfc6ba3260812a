// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser

/// Why the daemon ends, with its exit code.
package struct DaemonExit: Error {
    let code: ExitCode
    let message: String

    /// 2: the arguments or the configuration are wrong.
    static func usage(_ message: String) -> DaemonExit { DaemonExit(code: ExitCode(2), message: message) }
    /// 3: the socket cannot be served.
    static func socket(_ message: String) -> DaemonExit { DaemonExit(code: ExitCode(3), message: message) }
    /// 1: anything else.
    static func fault(_ message: String) -> DaemonExit { DaemonExit(code: ExitCode(1), message: message) }

    /// Runs what a wrong configuration makes fail.
    static func asUsage<Value>(_ body: () throws(ConfigurationError) -> Value) throws(DaemonExit) -> Value {
        do throws(ConfigurationError) {
            return try body()
        } catch {
            throw .usage(error.description)
        }
    }
}
