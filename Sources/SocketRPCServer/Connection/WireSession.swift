// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// The protocol of a connection: it interprets the bytes that the connection moves.
///
/// Everything happens on the connection's loop.
protocol WireSession: AnyObject {
    /// Parses what it can of the bytes received so far. Returns the number of bytes consumed; the rest is passed again,
    /// with more after it.
    func received(_ bytes: RawSpan) -> Int
    /// The number, counted from 1, of an incomplete frame whose bytes were consumed so far; 0: none.
    var openFrame: UInt64 { get }
    /// The size of the incomplete frame whose bytes are passed again, header included; 0: not known.
    var awaitedFrame: Int { get }
    /// Whether the input that waits for handlers has reached its limit, so that reading must pause.
    var isOverBudget: Bool { get }
    /// The number of bytes it keeps for handlers.
    var heldInput: Int { get }
    /// Whether no call is open.
    var isIdle: Bool { get }
    /// Whether an ending connection must still be read, because its calls cannot end without the client's frames.
    var readsToEnd: Bool { get }
    /// The output of this turn is about to be written: the session appends what it has held back.
    func prepareOutput()
    /// The server keeps too much input, and most of it here: the call that keeps the most ends with the status.
    func giveWay(_ status: RPCStatus)
    /// The number of bytes it keeps for the peer in addition to the connection's output.
    var waitingOutput: Int { get }
    /// Too much output waits in the whole server, and most of it here: calls that wait to send more end.
    func endSlowCalls()
    /// There is room for output again.
    func outputResumed()
    /// The client has ended its half of the connection; its open calls continue.
    func inputEnded()
    /// No further call is accepted on this connection, which closes when the open ones have ended.
    func connectionEnding()
    /// The connection is lost: every handler is cancelled.
    func connectionLost()
    /// New calls are refused from here on.
    func drainingStarted()
    /// Every open call ends with a status.
    func graceEnded()
}

extension WireSession {
    var awaitedFrame: Int { 0 }
    var waitingOutput: Int { 0 }
    func endSlowCalls() {}
}
