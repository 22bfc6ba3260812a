// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc
package import TextKeys

/// The environment of this process.
package enum Environment {
    /// A variable's value. Nothing when it is not set, or is no UTF-8.
    package static func get(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(validatingCString: value)
    }

    /// All variables that are UTF-8.
    package static var all: TextMap<String> {
        var result: TextMap<String> = [:]
        guard var next = unsafe csys_environment() else { return result }
        while let entry = unsafe next.pointee {
            // Bytes, because a mark that combines with the sign would make another character of it.
            if let text = unsafe String(validatingCString: entry),
                let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")),
                let name = String(text.utf8[..<equals]), let value = String(text.utf8[equals...].dropFirst())
            {
                result[name] = value
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
