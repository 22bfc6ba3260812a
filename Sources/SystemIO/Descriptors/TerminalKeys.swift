// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc

/// A terminal that can deliver its keys one by one, without echoing them, and can be restored.
///
/// Keys that raise signals still do.
package struct TerminalKeys: Sendable {
    /// The descriptor of the terminal, which another part of the program owns.
    package let rawValue: Int32
    private let original: termios

    /// Reads the current settings of the terminal.
    package init(of number: Int32) throws(SystemError) {
        var settings = termios()
        guard unsafe tcgetattr(number, &settings) == 0 else { throw .last("read the settings of", "the terminal") }
        rawValue = number
        original = settings
    }

    /// Whether this process gets the keys: a shell keeps them from processes in the background.
    package var isForeground: Bool { tcgetpgrp(rawValue) == getpgrp() }

    /// Makes each key readable when it is pressed.
    package func take() throws(SystemError) {
        var settings = original
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        // A read returns what is available, even if that is nothing.
        unsafe withUnsafeMutableBytes(of: &settings.c_cc) { characters in
            unsafe characters[Int(VMIN)] = 0
            unsafe characters[Int(VTIME)] = 0
        }
        try set(settings)
    }

    /// Restores the settings of the terminal.
    package func restore() throws(SystemError) { try set(original) }

    private func set(_ settings: termios) throws(SystemError) {
        var settings = settings
        guard unsafe tcsetattr(rawValue, TCSADRAIN, &settings) == 0 else {
            throw .last("change the settings of", "the terminal")
        }
    }

    /// The waiting keys, at most 64 bytes; empty if there are none, nil if the terminal has gone.
    package func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(rawValue, $0.baseAddress, $0.count) }
        guard count >= 0 else { return errno == EINTR || errno == EAGAIN ? [] : nil }
        return Array(bytes.prefix(count))
    }
}
