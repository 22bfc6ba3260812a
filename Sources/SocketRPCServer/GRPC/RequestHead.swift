// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import TextKeys

/// The content of a request's headers, collected one at a time.
///
/// It keeps no more than the limits allow, whatever the length of the header block.
struct RequestHead {
    enum Method {
        case missing
        case post
        case head
        case other
    }

    /// Why a gRPC request does not become a call.
    enum Fault {
        case metadataTooLarge
        case timeoutMalformed
        case metadataMalformed(String)
    }

    /// What HTTP counts for a header in addition to its bytes.
    static let headerOverhead = 32

    private let byteLimit: Int
    private let pairLimit: Int
    private(set) var method = Method.missing
    private(set) var isGRPC = false
    private(set) var route: Result<Route, RPCStatus>?
    private(set) var timeout: Duration?
    private(set) var encoding = GRPCEncoding.identity
    private(set) var acceptsGzip = false
    private(set) var metadata = RPCMetadata()
    private(set) var fault: Fault?
    /// The total size of the decoded headers, and the number of metadata pairs.
    private(set) var byteCount = 0
    private(set) var pairCount = 0

    init(byteLimit: Int, pairLimit: Int) {
        self.byteLimit = byteLimit
        self.pairLimit = pairLimit
    }

    /// Takes a header.
    mutating func add(_ name: RawSpan, _ value: RawSpan, router: Router) {
        byteCount += name.byteCount + value.byteCount + Self.headerOverhead
        if byteCount > byteLimit { fail(.metadataTooLarge) }
        guard name.byteCount > 0, name.byte(at: 0) != UInt8(ascii: ":") else { return addPseudo(name, value, router) }
        switch name.byteCount {
        case 2 where name.hasSameBytes(as: GRPCHeader.te), 10 where name.hasSameBytes(as: GRPCHeader.userAgent): return
        case 12 where name.hasSameBytes(as: GRPCHeader.contentType): isGRPC = GRPCHeader.isGRPC(value)
        case 12 where name.hasSameBytes(as: GRPCHeader.timeout): addTimeout(value)
        case 13 where name.hasSameBytes(as: GRPCHeader.encoding): encoding = GRPCEncoding(value)
        case 20 where name.hasSameBytes(as: GRPCHeader.acceptEncoding): acceptsGzip = GRPCEncoding.listsGzip(value)
        default: addMetadata(name, value)
        }
    }

    private mutating func addPseudo(_ name: RawSpan, _ value: RawSpan, _ router: Router) {
        if name.hasSameBytes(as: GRPCHeader.path) {
            route = Self.route(value, router)
        } else if name.hasSameBytes(as: GRPCHeader.method) {
            method =
                value.hasSameBytes(as: GRPCHeader.post)
                ? .post : value.hasSameBytes(as: GRPCHeader.head) ? .head : .other
        }
    }

    /// `/package.Service/Method`.
    private static func route(_ path: RawSpan, _ router: Router) -> Result<Route, RPCStatus> {
        let count = path.byteCount
        var slash = count
        if count > 0 && path.byte(at: 0) == UInt8(ascii: "/") {
            slash = 1
            while slash < count && path.byte(at: slash) != UInt8(ascii: "/") { slash += 1 }
        }
        guard slash < count else {
            return .failure(
                RPCStatus(
                    .unimplemented, reason: "PATH_MALFORMED",
                    "the path \(path.extracting(first: 256).text) does not name a method; the form is /package.Service/Method"
                ))
        }
        let (service, method) = (path.extracting(1..<slash), path.extracting(slash + 1..<count))
        switch router.match(service: service, method: method) {
        case .found(let route): return .success(route)
        case .unknownService: return .failure(.unknown(service: service))
        case .unknownMethod: return .failure(.unknown(method: method))
        }
    }

    private mutating func addTimeout(_ value: RawSpan) {
        timeout = GRPCTimeout.parse(value)
        if timeout == nil { fail(.timeoutMalformed) }
    }

    private mutating func addMetadata(_ name: RawSpan, _ value: RawSpan) {
        guard fault == nil else { return }
        guard !name.extracting(first: GRPCHeader.reserved.count).hasSameBytes(as: GRPCHeader.reserved) else { return }
        let suffix = name.extracting(droppingFirst: max(name.byteCount - GRPCHeader.binary.count, 0))
        let key = name.text
        guard suffix.hasSameBytes(as: GRPCHeader.binary) else { return append(key, value.text) }
        var elements: [[UInt8]?] = []
        let room = pairLimit - pairCount
        GRPCHeader.forEachElement(of: value) { element in
            if elements.count <= room { elements.append(Base64.decode(element.copied)) }
        }
        for element in elements {
            guard let element else { return fail(.metadataMalformed(key)) }
            append(key, Base64.encode(element))
        }
    }

    private mutating func append(_ key: String, _ value: String) {
        pairCount += 1
        guard pairCount <= pairLimit else { return fail(.metadataTooLarge) }
        metadata.append(key, value)
    }

    /// Records the first fault.
    private mutating func fail(_ fault: Fault) {
        guard self.fault == nil else { return }
        self.fault = fault
    }
}
