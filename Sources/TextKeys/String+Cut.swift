// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension String {
    /// The text, or its first `count` bytes and an ellipsis. A limit on characters would not bound the size, because a
    /// character has no largest size.
    package func cut(toBytes count: Int) -> String {
        guard utf8.count > count else { return self }
        var front = utf8.prefix(count)
        // Never inside a scalar: all its bytes but the first begin with 10.
        while let next = utf8[front.endIndex...].first, next & 0xc0 == 0x80, !front.isEmpty { front.removeLast() }
        return String(Substring(front)) + "…"
    }
}
