// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc

/// The environment of this process.
package enum Environment {
    /// A variable's value. Nothing when it is not set, or is no UTF-8.
    package static func get(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(validatingCString: value)
    }

    /// All variables that are UTF-8.
    package static var all: [String: String] {
        var result: [String: String] = [:]
        guard var next = unsafe csys_environment() else { return result }
        while let entry = unsafe next.pointee {
            if let text = unsafe String(validatingCString: entry), let equals = text.firstIndex(of: "=") {
                result[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            unsafe next += 1
        }
        return result
    }

    /// Removes a variable. Only while the process has one thread: the C library's readers take no lock.
    package static func unset(_ name: String) {
        unsafe unsetenv(name)
    }
}
