// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem
internal import Glibc
package import TextKeys

/// The environment of this process.
package enum Environment {
    /// The value of a variable; nil if it is not set, or is not UTF-8.
    package static func get(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(validatingCString: value)
    }

    /// All variables that are UTF-8.
    package static var all: TextMap<String> {
        var result: TextMap<String> = [:]
        guard var next = unsafe csys_environment() else { return result }
        while let entry = unsafe next.pointee {
            // As bytes, because a combining mark after the sign would make it another character.
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

    /// The name of the first variable that begins with `prefix` and is not UTF-8; nil if there is none.
    package static func malformedName(prefix: String) -> String? {
        malformedNames.first { $0.utf8.starts(with: prefix.utf8) }
    }

    /// The names of the variables that are not UTF-8.
    package static var malformedNames: [String] {
        var names: [String] = []
        guard var next = unsafe csys_environment() else { return [] }
        while let entry = unsafe next.pointee {
            if unsafe String(validatingCString: entry) == nil {
                // With replaced bytes.
                let text = unsafe String(cString: entry)
                names.append(String(decoding: text.utf8.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self))
            }
            unsafe next += 1
        }
        return names
    }

    /// Removes a variable. Only while the process has one thread: the C library's readers take no lock.
    package static func unset(_ name: String) {
        unsafe unsetenv(name)
    }
}
