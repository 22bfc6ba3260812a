// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A runtime context as a value of its own, which does not depend on the request.
package struct OwnedRuntimeContext: RuntimeContext, Hashable, Sendable {
    /// One header or metadata entry.
    package struct Entry: Hashable, Sendable {
        package enum Value: Hashable, Sendable {
            case text(String)
            case binary([UInt8])
        }

        package var name: String
        package var value: Value

        package init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    package let kind: RuntimeContextKind
    /// In the order received.
    package let entries: [Entry]
    /// gRPC: absent if the request has no deadline.
    package let timeRemaining: Duration?
    /// HTTP: `1.1`, `2` or `3`.
    package let version: String
    private let model: String
    private let requestMethod: String
    private let requestTarget: String
    private let requestPeer: String

    package init(
        kind: RuntimeContextKind, modelID: String, method: String = "", target: String = "", peer: String = "",
        entries: [Entry] = [], timeRemaining: Duration? = nil, version: String = ""
    ) {
        self.kind = kind
        self.entries = entries
        self.timeRemaining = timeRemaining
        self.version = version
        model = modelID
        requestMethod = method
        requestTarget = target
        requestPeer = peer
    }

    package func modelID() -> String { model }
    package func method() -> String { requestMethod }
    package func target() -> String { requestTarget }
    package func peer() -> String { requestPeer }
    package func copied() -> OwnedRuntimeContext { self }

    package func firstValue(of name: String) -> String? {
        switch first(name) {
        case .text(let text): text
        case .binary, nil: nil
        }
    }

    package func firstBinaryValue(of name: String) -> [UInt8]? {
        switch first(name) {
        case .binary(let bytes): bytes
        case .text, nil: nil
        }
    }

    private func first(_ name: String) -> Entry.Value? {
        entries.first { Self.isSame($0.name, name) }?.value
    }

    /// Header names are ASCII; other bytes have no case.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && zip(one.utf8, other.utf8).allSatisfy { lowered($0) == lowered($1) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}

extension OwnedRuntimeContext: CustomStringConvertible, CustomReflectable {
    /// Gives sizes, never contents, because it may end up in a log.
    package var description: String { "runtime context (\(kind), \(entries.count) entries)" }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
