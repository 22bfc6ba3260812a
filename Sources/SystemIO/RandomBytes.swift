// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem

/// Bytes nobody can guess.
package enum RandomBytes {
    package static func make(_ count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard unsafe csys_random(&bytes, count) == 0 else { throw .last("get random bytes") }
        return bytes
    }
}
