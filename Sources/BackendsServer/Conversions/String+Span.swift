// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension String {
    /// The text of a message's string, which was found to be UTF-8 when the message was decoded.
    init(checked bytes: Span<UInt8>) {
        if let text = try? UTF8Span(validating: bytes) {
            self.init(copying: text)
        } else {
            self.init()
        }
    }
}
