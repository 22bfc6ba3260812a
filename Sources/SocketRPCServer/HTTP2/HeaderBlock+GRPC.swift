// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import TextKeys

// The headers of gRPC's answers.
extension HeaderBlock {
    /// The size that clients accept by default.
    private static let trailersLimit = 7 << 10
    private static let messageLimit = 2 << 10
    private static let metadataLimit = 8 << 10

    /// Before uncompressed messages, without metadata: nearly every answer.
    static let head = HeaderBlock(headOf(isCompressed: false))
    /// After messages, for success without metadata.
    static let success = HeaderBlock([("grpc-status", "0")])

    private static func headOf(isCompressed: Bool) -> [(String, String)] {
        let plain = [
            (":status", "200"), ("content-type", "application/grpc"), ("grpc-accept-encoding", "identity,gzip"),
        ]
        return isCompressed ? plain + [("grpc-encoding", "gzip")] : plain
    }

    /// Before the first message.
    static func head(_ exchange: GRPCExchange?, isCompressed: Bool) -> HeaderBlock {
        let metadata = exchange?.initialMetadata ?? RPCMetadata()
        guard isCompressed || !metadata.isEmpty else { return head }
        var block = HeaderBlock(headOf(isCompressed: isCompressed))
        block.add(metadata)
        return block
    }

    /// After the last message.
    static func trailers(_ status: RPCStatus?, _ exchange: GRPCExchange?) -> HeaderBlock {
        let metadata = exchange?.trailingMetadata ?? RPCMetadata()
        guard status != nil || !metadata.isEmpty else { return success }
        var block = HeaderBlock()
        block.add(status, metadata)
        return block
    }

    /// An answer without messages: headers and trailers in one.
    static func trailersOnly(_ status: RPCStatus?, _ exchange: GRPCExchange?) -> HeaderBlock {
        var block = HeaderBlock(headOf(isCompressed: false))
        block.add(exchange?.initialMetadata ?? RPCMetadata())
        block.add(status, exchange?.trailingMetadata ?? RPCMetadata())
        return block
    }

    /// Adds the end of a call. What exceeds the size that clients accept is left out: the end of the message, then the
    /// last details.
    private mutating func add(_ status: RPCStatus?, _ metadata: RPCMetadata) {
        add("grpc-status", String(status?.code.rawValue ?? 0))
        defer { add(metadata) }
        guard let status else { return }
        if !status.message.isEmpty {
            add("grpc-message", PercentEncoding.encode(status.message, limit: Self.messageLimit))
        }
        var kept = status
        kept.message = status.message.cut(toBytes: Self.messageLimit)
        while !kept.details.isEmpty {
            if let bytes = try? GoogleStatus(kept).encoded(escapingNUL: true) {
                let text = Base64.encode(bytes)
                if size + text.utf8.count <= Self.trailersLimit { return add("grpc-status-details-bin", text) }
            }
            kept.details.removeLast()
        }
    }

    /// Adds a handler's metadata, except for what a header cannot contain and what clients would refuse.
    private mutating func add(_ metadata: RPCMetadata) {
        var left = Self.metadataLimit
        for entry in metadata.entries where GRPCHeader.isCustom(entry.key) {
            guard entry.value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else { continue }
            left -= entry.key.utf8.count + entry.value.utf8.count + 32
            guard left >= 0 else { return }
            add(entry.key, entry.value)
        }
    }
}
