// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends
package import BackendsAPI
internal import SocketRPC

/// A request with a model and a runtime context, which backends look into as it is: nothing is copied but what they ask for.
package protocol ContextRequestView: ~Copyable, Backends.RuntimeContext {
    var modelID: String { get }

    func withModelID<Result, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result

    func withContext<Result, Failure: Error>(
        _ body: (borrowing BackendsAPI.RuntimeContext.View) throws(Failure) -> Result
    ) throws(Failure) -> Result?
}

extension HandleRuntimeContextRequest.View: ContextRequestView {
    package func copied() -> OwnedRuntimeContext {
        let request: HandleRuntimeContextRequest = copied()
        return OwnedRuntimeContext(request.context, modelID: request.modelID)
    }
}

extension ResolveModelRequest.View: ContextRequestView {
    package func copied() -> OwnedRuntimeContext {
        let request: ResolveModelRequest = copied()
        return OwnedRuntimeContext(request.context, modelID: request.modelID)
    }
}

extension ContextRequestView where Self: ~Copyable {
    package var kind: RuntimeContextKind { isHTTP ? .http : .grpc }

    private var isHTTP: Bool { withContext { $0.hasHTTP } ?? false }

    /// Whether the request has a context of a kind that is known.
    var hasSource: Bool { withContext { $0.hasGRPC || $0.hasHTTP } ?? false }

    package func modelID() -> String { modelID }

    /// Refuses an invalid model ID before any backend sees it. If an ID is not required, a request without one concerns no particular
    /// model.
    func checkModelID(isRequired: Bool) throws(RPCStatus) {
        if withModelID({ $0.isEmpty && !isRequired || ModelID.isValid($0) }) { return }
        throw RPCStatus(ModelID.invalid(modelID))
    }

    package func method() -> String {
        (withContext { context in context.withGRPC { $0.method } ?? context.withHTTP { $0.method } } ?? nil) ?? ""
    }

    package func target() -> String {
        (withContext { context in context.withHTTP { $0.target } } ?? nil) ?? ""
    }

    package func peer() -> String {
        (withContext { context in context.withGRPC { $0.peer } ?? context.withHTTP { $0.clientAddress } } ?? nil) ?? ""
    }

    package func firstValue(of name: String) -> String? {
        let value: String?? = withContext { context in
            (context.withGRPC { $0.firstText(of: name) } ?? context.withHTTP { $0.firstValue(of: name) }) ?? nil
        }
        return value ?? nil
    }

    package func firstBinaryValue(of name: String) -> [UInt8]? {
        let value: [UInt8]?? = withContext { context in context.withGRPC { $0.firstBinary(of: name) } ?? nil }
        return value ?? nil
    }
}

extension GRPCContext.View {
    fileprivate func firstText(of name: String) -> String? {
        guard let index = firstIndex(of: name) else { return nil }
        return withMetadata(at: index) { entry in entry.withText { String(checked: $0) } ?? nil } ?? nil
    }

    fileprivate func firstBinary(of name: String) -> [UInt8]? {
        guard let index = firstIndex(of: name) else { return nil }
        return withMetadata(at: index) { entry in entry.withBinary { Array(copying: $0) } ?? nil } ?? nil
    }

    private func firstIndex(of name: String) -> Int? {
        (0..<metadataCount).first { index in
            withMetadata(at: index) { entry in entry.withKey { $0.isSameName(as: name) } } ?? false
        }
    }
}

extension HTTPContext.View {
    fileprivate func firstValue(of name: String) -> String? {
        for index in 0..<headersCount {
            let value: String?? = withHeaders(at: index) { header in
                header.withName { $0.isSameName(as: name) } ? header.value : nil
            }
            if let value = value ?? nil { return value }
        }
        return nil
    }
}

extension Span<UInt8> {
    /// Whether these are the bytes of a name, whatever the case of its ASCII letters.
    fileprivate func isSameName(as name: String) -> Bool {
        let other = name.utf8Span.span
        guard count == other.count else { return false }
        for index in indices where Self.lowered(self[index]) != Self.lowered(other[index]) { return false }
        return true
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}

extension Array<UInt8> {
    fileprivate init(copying bytes: Span<UInt8>) {
        self.init()
        reserveCapacity(bytes.count)
        for index in bytes.indices { append(bytes[index]) }
    }
}
