// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension String {
    /// The text, or so many bytes of its front and an ellipsis: characters have no largest size.
    package func cut(toBytes count: Int) -> String {
        guard utf8.count > count else { return self }
        var front = utf8.prefix(count)
        // Never within a scalar, whose bytes but the first all begin with 10.
        while let next = utf8[front.endIndex...].first, next & 0xc0 == 0x80, !front.isEmpty { front.removeLast() }
        return String(Substring(front)) + "…"
    }
}
