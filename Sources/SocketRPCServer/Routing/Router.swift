// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SocketRPC
internal import SystemIO

/// Finds the method of a request by the bytes of its name, without creating a string.
package struct Router: Sendable {
    /// The result of a lookup.
    enum Match {
        case found(Route)
        case unknownService
        case unknownMethod
    }

    /// A hash table with open addressing that is at most half full; its size is a power of two.
    private let slots: [Route?]
    private let services: [[UInt8]]
    /// The names of the services, sorted.
    package let serviceNames: [String]

    /// Throws if two services, or two methods of one service, have the same name.
    package init(_ services: [RPCService]) throws(RouterError) {
        var routes: [Route] = []
        var names: Set<String> = []
        for service in services {
            guard names.insert(service.name).inserted else { throw .duplicateService(service.name) }
            var methods: Set<String> = []
            for handler in service.methods {
                guard methods.insert(handler.name).inserted else {
                    throw .duplicateMethod(service: service.name, method: handler.name)
                }
                routes.append(Route(service: service.name, handler: handler))
            }
        }
        serviceNames = names.sorted()
        self.services = serviceNames.map { Array($0.utf8) }
        var size = 4
        while size < routes.count * 2 { size *= 2 }
        var slots = [Route?](repeating: nil, count: size)
        for route in routes {
            let start = Self.hash(ByteBuffer(route.serviceBytes).bytes, ByteBuffer(route.methodBytes).bytes)
            var index = start & (size - 1)
            while slots[index] != nil { index = (index + 1) & (size - 1) }
            slots[index] = route
        }
        self.slots = slots
    }

    func match(service: RawSpan, method: RawSpan) -> Match {
        let mask = slots.count &- 1
        var index = Self.hash(service, method) & mask
        while let route = slots[index] {
            if method.hasSameBytes(as: route.methodBytes) && service.hasSameBytes(as: route.serviceBytes) {
                return .found(route)
            }
            index = (index &+ 1) & mask
        }
        for name in services where service.hasSameBytes(as: name) { return .unknownMethod }
        return .unknownService
    }

    private static func hash(_ service: RawSpan, _ method: RawSpan) -> Int {
        let mixed = mix(method, mix(service, UInt64(truncatingIfNeeded: service.byteCount)))
        return Int(truncatingIfNeeded: mixed ^ (mixed >> 32))
    }

    private static func mix(_ bytes: RawSpan, _ seed: UInt64) -> UInt64 {
        var hash = seed
        var offset = 0
        let count = bytes.byteCount
        while count &- offset >= 8 {
            hash = (hash ^ bytes.word(at: offset)) &* 0x9e37_79b9_7f4a_7c15
            hash ^= hash >> 29
            offset &+= 8
        }
        while offset < count {
            hash = (hash ^ UInt64(bytes.byte(at: offset))) &* 0x9e37_79b9_7f4a_7c15
            offset &+= 1
        }
        return hash ^ (hash >> 31)
    }
}

/// A method of a service, found by the router.
final class Route: Sendable {
    let name: MethodName
    let handler: MethodHandler
    /// Whether its calls are streams of messages.
    let isStreaming: Bool
    let serviceBytes: [UInt8]
    let methodBytes: [UInt8]
    /// How a ttrpc request for it begins, as all clients write it.
    let envelopeHead: [UInt8]

    init(service: String, handler: MethodHandler) {
        name = MethodName(service: service, method: handler.name)
        self.handler = handler
        isStreaming = handler.streamHandler != nil
        serviceBytes = Array(service.utf8)
        methodBytes = Array(handler.name.utf8)
        var head = ByteBuffer()
        RequestEnvelope.write(
            service: service, method: handler.name, payloadSize: 0, timeoutNano: 0, metadata: RPCMetadata(), to: &head)
        envelopeHead = head.copied()
    }
}

/// Why a set of services cannot be served.
package enum RouterError: Error, Hashable, Sendable {
    case duplicateService(String)
    case duplicateMethod(service: String, method: String)
}

extension RouterError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .duplicateService(let name): "cannot register service \(name): it is registered already"
        case .duplicateMethod(let service, let method):
            "cannot register method \(method) of service \(service): the service has it already"
        }
    }
}
