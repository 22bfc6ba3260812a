// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

// The statuses of calls that the client itself ends.
extension RPCStatus {
    /// No connection could be made.
    static func cannotConnect(_ path: String, _ error: SystemError) -> RPCStatus {
        let text = SystemError.text(for: error.code)
        if error.isNotFound || error.isConnectionRefused {
            // The system reports the same for a file that is not a socket.
            if let kind = try? File.kind(of: path), kind != .socket, kind != .absent, kind != .link {
                return RPCStatus(
                    .unavailable, reason: "CANNOT_CONNECT",
                    "cannot connect to \(path): it is \(kind.phrase), not a socket", metadata: ["path": path])
            }
            return RPCStatus(
                .unavailable, reason: "NO_DAEMON",
                "cannot connect to \(path): \(text); backendd is not running there", metadata: ["path": path])
        }
        if error.isPermissionDenied {
            return RPCStatus(
                .permissionDenied, reason: "SOCKET_FORBIDDEN",
                "cannot connect to \(path): \(text); the modes of the socket and its directory decide which users may connect",
                metadata: ["path": path])
        }
        if error.isTimeout { return .backlogFull(path) }
        if error.isOutOfDescriptors {
            return RPCStatus(.resourceExhausted, reason: "NO_DESCRIPTOR", "cannot connect to \(path): \(text)")
        }
        return RPCStatus(.unavailable, reason: "CANNOT_CONNECT", "\(error)", metadata: ["path": path])
    }

    static func backlogFull(_ path: String) -> RPCStatus {
        RPCStatus(
            .unavailable, reason: "BACKLOG_FULL",
            "cannot connect to \(path): its backlog is full; try again later",
            metadata: ["path": path])
    }

    /// The connection ended before the answer came.
    static func connectionLost(_ path: String, wasWritten: Bool) -> RPCStatus {
        wasWritten
            ? RPCStatus(
                .unavailable, reason: "CONNECTION_LOST",
                "the daemon at \(path) closed the connection before it answered; the call may have run")
            : RPCStatus(
                .unavailable, reason: "NOT_SENT",
                "the daemon at \(path) closed the connection before the call was sent; it did not run")
    }

    static func hostileFrame(_ length: Int) -> RPCStatus {
        RPCStatus(
            .internal, reason: "PROTOCOL_ERROR",
            "the server announced a frame of \(length) bytes; what listens there does not speak ttrpc")
    }

    static func malformedResponse(_ error: EnvelopeError) -> RPCStatus {
        RPCStatus(.internal, reason: "PROTOCOL_ERROR", "the server's answer does not decode: \(error)")
    }

    static func requestTooLarge(_ size: Int) -> RPCStatus {
        RPCStatus(
            .resourceExhausted, reason: "MESSAGE_TOO_LARGE",
            "the message of \(size) bytes is longer than the limit of \(FrameHeader.maximumLength) bytes; nothing was sent"
        )
    }

    static func tooManyCalls(_ limit: Int) -> RPCStatus {
        RPCStatus(
            .resourceExhausted, reason: "TOO_MANY_CALLS",
            "the limit of \(limit) calls that wait to be sent is reached; wait for some of them first")
    }

    static var clientClosed: RPCStatus {
        RPCStatus(.unavailable, reason: "CLIENT_CLOSED", "the client was closed")
    }

    static var callCancelled: RPCStatus {
        RPCStatus(.cancelled, reason: "CALL_CANCELLED", "the caller cancelled the call")
    }

    static var deadlinePassed: RPCStatus {
        RPCStatus(.deadlineExceeded, reason: "DEADLINE_EXCEEDED", "the deadline passed before the call was answered")
    }

    /// A streaming call was used in a way that its kind, or its state, does not allow.
    static func misuse(_ message: String) -> RPCStatus {
        RPCStatus(.failedPrecondition, reason: "STREAM_MISUSED", message)
    }

    /// The server ended the call before a message was sent.
    static var callEnded: RPCStatus {
        RPCStatus(
            .failedPrecondition, reason: "CALL_ENDED", "the server has ended the call and takes no further message")
    }

    /// Whether no process listens at the path.
    var isDaemonAbsent: Bool {
        code == .unavailable && reason == "NO_DAEMON"
    }

    /// Whether the server refused the call before a handler ran, because it is shutting down.
    var isServerDraining: Bool {
        code == .unavailable && reason == "SERVER_DRAINING"
    }
}
