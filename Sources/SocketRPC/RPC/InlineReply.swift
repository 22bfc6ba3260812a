// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What an inline handler gives back: a reply that is ready to be written, or work that has to wait for something.
package enum InlineReply: ~Copyable {
    case ready(PreparedMessage)
    case later(MethodHandler.UnaryWork)
}
