// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What wants to be called once at the end of a loop's turn: a connection with replies collected during it.
package protocol Flushable: AnyObject {
    /// The turn is ending. Called on the loop, once for each `EventLoop.flushLater(_:)`.
    func flush()
}
