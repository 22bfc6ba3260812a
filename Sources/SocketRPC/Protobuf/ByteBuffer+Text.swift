// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

public import SystemIO

extension ByteBuffer {
    /// Appends text as UTF-8.
    public mutating func append(utf8 text: String) {
        unsafe append(text.utf8Span.span.bytes)
    }
}
