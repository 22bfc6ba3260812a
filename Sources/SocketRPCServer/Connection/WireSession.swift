// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// A protocol's side of a connection: what the bytes mean. The connection moves the bytes.
///
/// Everything happens on the connection's loop.
protocol WireSession: AnyObject {
    /// Takes what it can of the bytes received so far. Returns how many are done with; the rest comes again with more behind it.
    func received(_ bytes: RawSpan) -> Int
    /// Which frame, counted from 1, has begun whose bytes were taken as far as they came; 0: none.
    var openFrame: UInt64 { get }
    /// Whether so much waits for handlers that nothing more should be read.
    var isOverBudget: Bool { get }
    /// How many bytes it keeps for handlers.
    var heldInput: Int { get }
    /// Whether no call is open.
    var isIdle: Bool { get }
    /// Whether an ending connection is still read, because its calls cannot end without the client's frames.
    var readsToEnd: Bool { get }
    /// The output of this turn is about to be written: what the session has kept back is to be appended.
    func prepareOutput()
    /// The server keeps too much, and most of it here: the call that keeps the most ends with the status.
    func giveWay(_ status: RPCStatus)
    /// How many bytes it keeps for the peer beside the connection's output.
    var waitingOutput: Int { get }
    /// Too much output waits in the whole server, and the most of it here: calls that wait to send more end.
    func endSlowCalls()
    /// There is room for output again.
    func outputResumed()
    /// The client sends nothing more; what it has opened goes on.
    func inputEnded()
    /// No further call is taken on this connection, which closes when those that are open have ended.
    func connectionEnding()
    /// The connection is gone: every handler is cancelled.
    func connectionLost()
    /// New calls are refused from here on.
    func drainingStarted()
    /// Every open call ends with a status.
    func graceEnded()
}

extension WireSession {
    var waitingOutput: Int { 0 }
    func endSlowCalls() {}
}
