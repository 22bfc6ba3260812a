// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc

/// A terminal that can give its keys one by one, without showing them, and be put back as it was.
///
/// The keys that make signals go on making them.
package struct TerminalKeys: Sendable {
    /// The descriptor of the terminal, which another part of the program owns.
    package let rawValue: Int32
    private let original: termios

    /// Remembers how the terminal is.
    package init(of number: Int32) throws(SystemError) {
        var settings = termios()
        guard unsafe tcgetattr(number, &settings) == 0 else { throw .last("read the settings of", "the terminal") }
        rawValue = number
        original = settings
    }

    /// Whether the keys are this process's: a shell keeps those of what runs in the background.
    package var isForeground: Bool { tcgetpgrp(rawValue) == getpgrp() }

    /// Makes each key readable when it is pressed.
    package func take() throws(SystemError) {
        var settings = original
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        // A read returns what there is, if only nothing.
        unsafe withUnsafeMutableBytes(of: &settings.c_cc) { characters in
            unsafe characters[Int(VMIN)] = 0
            unsafe characters[Int(VTIME)] = 0
        }
        try set(settings)
    }

    /// Puts the terminal back as it was.
    package func restore() throws(SystemError) { try set(original) }

    private func set(_ settings: termios) throws(SystemError) {
        var settings = settings
        guard unsafe tcsetattr(rawValue, TCSADRAIN, &settings) == 0 else {
            throw .last("change the settings of", "the terminal")
        }
    }

    /// The keys that wait, at most 64 bytes of them; none when there are none, nil when the terminal is gone.
    package func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(rawValue, $0.baseAddress, $0.count) }
        guard count >= 0 else { return errno == EINTR || errno == EAGAIN ? [] : nil }
        return Array(bytes.prefix(count))
    }
}
