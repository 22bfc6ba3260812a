// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension ChildProcess {
    /// How a process ended.
    package enum Status: Hashable, Sendable {
        case exited(Int32)
        case signalled(Signal)

        /// The status as a shell shows it: the code, or 128 and the signal's number.
        package var shellCode: Int32 {
            switch self {
            case .exited(let code): code
            case .signalled(let signal): 128 + signal.rawValue
            }
        }
    }
}
