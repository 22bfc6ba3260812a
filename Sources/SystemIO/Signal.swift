// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc

/// A signal's number.
package struct Signal: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    package static let hangup = Signal(rawValue: SIGHUP)
    package static let interrupt = Signal(rawValue: SIGINT)
    package static let quit = Signal(rawValue: SIGQUIT)
    package static let kill = Signal(rawValue: SIGKILL)
    package static let terminate = Signal(rawValue: SIGTERM)
    package static let user1 = Signal(rawValue: SIGUSR1)
    package static let user2 = Signal(rawValue: SIGUSR2)
    package static let stop = Signal(rawValue: SIGSTOP)
    package static let `continue` = Signal(rawValue: SIGCONT)
    /// A terminal asks for a pause.
    package static let pause = Signal(rawValue: SIGTSTP)
    /// The size of the terminal has changed.
    package static let resize = Signal(rawValue: SIGWINCH)

    /// Signals that mean nothing to a daemon but end or stop a program that does not expect them. The last are those for real time.
    package static let withoutMeaning: [Signal] =
        [
            SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGPOLL, SIGTTIN, SIGTTOU, SIGXCPU, SIGXFSZ, SIGPWR,
            SIGSTKFLT,
        ].map { Signal(rawValue: $0) } + (34...64).map { Signal(rawValue: $0) }
}
