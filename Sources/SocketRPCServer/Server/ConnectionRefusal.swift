// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import SystemIO

/// Turns a connection away that nothing can be kept of.
enum ConnectionRefusal {
    /// Answers the first request, when it is there already and of ttrpc; then the connection closes. A client of gRPC sees that it is
    /// closed without an answer, and tries again.
    static func answer(_ socket: borrowing FileDescriptor, _ status: RPCStatus) {
        var input = ByteBuffer()
        guard let result = try? socket.read(into: &input, atMost: FrameHeader.byteCount), case .bytes = result,
            input.count == FrameHeader.byteCount, input.bytes.byte(at: 0) == 0
        else { return }
        var output = ByteBuffer()
        ResponseEnvelope.writeFrame(streamID: FrameHeader(reading: input.bytes).streamID, status: status, to: &output)
        _ = try? socket.write(&output)
    }
}
