// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The answer to a request that is not gRPC: an HTTP status, and a line for the user who sent it.
struct PlainAnswer {
    let headers: HeaderBlock
    /// The part of the line that is not in a frame yet.
    private(set) var text: ArraySlice<UInt8>
    /// When the client last read something of it, or began the request.
    var lastProgress: UInt64 = 0
    /// The number of bytes of its request that may still be dropped before it is sent; nil once it is sent.
    private(set) var patience: Int?

    /// The approximate size of a waiting answer: its line and its headers.
    static let size = 512

    /// The number of bytes of a request's body that are read before its answer.
    private static let mostPatience = 16 << 10

    init(_ status: String, _ headers: [(String, String)] = [], _ text: String) {
        self.headers = HeaderBlock([(":status", status), ("content-type", "text/plain; charset=utf-8")] + headers)
        self.text = Array((text + "\n").utf8)[...]
    }

    /// The answer; nil if the request is gRPC.
    init?(to head: RequestHead) {
        switch head.method {
        case .post: break
        case .head, .other, .missing:
            self.init(
                "405", [("allow", "POST")],
                "This socket serves gRPC and ttrpc; calls must use POST. Use backendctl or a gRPC client.")
            if head.method == .head { text = [] }
            return
        }
        guard !head.isGRPC else { return nil }
        guard case .success = head.route else {
            self.init("404", [], "There is no such method here. This socket speaks gRPC and ttrpc.")
            return
        }
        self.init("415", [], "The content type of a call must be application/grpc.")
    }

    /// Lets the client end its request first: errors in it are reported by a reset, which is not possible after the
    /// answer.
    mutating func waitForRequest() {
        patience = Self.mostPatience
    }

    /// Counts bytes of the request. Returns whether the answer has waited long enough.
    mutating func dropped(_ count: Int) -> Bool {
        guard let left = patience else { return false }
        patience = left - count
        return left < count
    }

    mutating func waitIsOver() {
        patience = nil
    }

    /// Moves text into a DATA frame.
    mutating func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        let piece = text.prefix(room.count)
        unsafe room.copyBytes(from: piece)
        text = text.dropFirst(piece.count)
        return piece.count
    }
}
