// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Glibc

extension NameResolver {
    /// The number of addresses that are used of one name.
    private static let addressLimit = 64

    /// Asks the system; blocks.
    package static let system: Lookup = { name in
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(name, nil, &hints, &list)
        guard code == 0, let first = unsafe list else {
            let text = unsafe gai_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
            return .failure(NameResolutionError(code == EAI_NONAME ? .notFound : .failed, text))
        }
        defer { unsafe freeaddrinfo(first) }
        var addresses: [IPAddress] = []
        var next: UnsafeMutablePointer<addrinfo>? = unsafe first
        while let entry = unsafe next, addresses.count < addressLimit {
            if let address = unsafe address(of: entry.pointee), !addresses.contains(address) {
                addresses.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { return .failure(NameResolutionError(.notFound, "it has no address")) }
        return .success(addresses)
    }

    private static func address(of entry: addrinfo) -> IPAddress? {
        guard let base = unsafe entry.ai_addr else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: base, count: Int(entry.ai_addrlen))
        if unsafe entry.ai_family == AF_INET, bytes.count >= MemoryLayout<sockaddr_in>.size {
            return unsafe IPAddress(version4: UInt32(truncatingIfNeeded: number(bytes[4..<8])))
        }
        // An IPv6 address begins after the family, the port and the flow.
        if unsafe entry.ai_family == AF_INET6, bytes.count >= MemoryLayout<sockaddr_in6>.size {
            return unsafe IPAddress(version6: number(bytes[8..<24]))
        }
        return nil
    }

    private static func number(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt128 {
        unsafe bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    }
}
