// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The answer to a request that is not one of gRPC: a status of HTTP, and a line for the person who sent it.
struct PlainAnswer {
    let headers: HeaderBlock
    /// What of the line was not yet put into a frame.
    private(set) var text: ArraySlice<UInt8>
    /// When the client last took something of it, or began the request.
    var lastProgress: UInt64 = 0
    /// How many bytes of its request may still be dropped before it is sent; nil once it is sent.
    private(set) var patience: Int?

    /// What one of them takes while it waits, about: its line and its headers.
    static let size = 512

    /// How much of a request's body is read before its answer.
    private static let mostPatience = 16 << 10

    init(_ status: String, _ headers: [(String, String)] = [], _ text: String) {
        self.headers = HeaderBlock([(":status", status), ("content-type", "text/plain; charset=utf-8")] + headers)
        self.text = Array((text + "\n").utf8)[...]
    }

    /// The answer, nil when the request is one of gRPC.
    init?(to head: RequestHead) {
        switch head.method {
        case .post: break
        case .head, .other, .missing:
            self.init(
                "405", [("allow", "POST")],
                "This socket speaks gRPC and ttrpc; a call is a POST. Use backendctl or a gRPC client.")
            if head.method == .head { text = [] }
            return
        }
        guard !head.isGRPC else { return nil }
        guard case .success = head.route else {
            self.init("404", [], "There is no such method here. This socket speaks gRPC and ttrpc.")
            return
        }
        self.init("415", [], "The content type of a call is application/grpc.")
    }

    /// Lets the client end its request first, for what is wrong with that is told with a reset, which no longer works behind the answer.
    mutating func waitForRequest() {
        patience = Self.mostPatience
    }

    /// Counts what came of the request. Returns whether the answer has waited long enough.
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
