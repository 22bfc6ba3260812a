// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import HTTPTransfer
internal import SystemIO

/// The bytes of the one grpc.health.v1 call that a probe makes.
package enum GRPCHealth {
    package static let path = "/grpc.health.v1.Health/Check"

    package static func headers(timeout: Duration) -> [HTTPHeader] {
        [
            HTTPHeader("content-type", "application/grpc"), HTTPHeader("te", "trailers"),
            // At most eight digits are allowed.
            HTTPHeader("grpc-timeout", "\(min(timeout.milliseconds, 99_999_999))m"),
        ]
    }

    /// The message with its prefix: not compressed, the length, field 1 with the service.
    package static func body(asking service: String) -> [UInt8] {
        var message: [UInt8] = []
        if !service.isEmpty {
            message.append(0x0a)
            var count = service.utf8.count
            while count >= 0x80 {
                message.append(UInt8(truncatingIfNeeded: count) | 0x80)
                count >>= 7
            }
            message.append(UInt8(count))
            message += service.utf8
        }
        let length = UInt32(truncatingIfNeeded: message.count)
        return [0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + message
    }

    /// The result that a response stands for.
    package static func result(of response: HTTPResponse) -> ProbeResult {
        guard response.status == 200 else { return .failure("the gRPC call returned status \(response.status)") }
        // A response without a message has its status in the headers.
        guard let text = response.trailers.value(of: "grpc-status") ?? response.headers.value(of: "grpc-status") else {
            return .failure("the response has no gRPC status")
        }
        switch text {
        case "0": break
        case "5": return .failure("the server does not know the service")
        case "12": return .failure("the server does not implement grpc.health.v1")
        default: return .failure("the health service answered with gRPC status \(text.prefix(3))")
        }
        guard let status = servingStatus(response.body) else {
            return .failure("the health service sent an invalid response")
        }
        return status == 1 ? .success : .failure("the health service says \(name(of: status))")
    }

    private static func name(of status: UInt64) -> String {
        switch status {
        case 0: "UNKNOWN"
        case 2: "NOT_SERVING"
        case 3: "SERVICE_UNKNOWN"
        default: "\(status)"
        }
    }

    /// Field 1 of the only message; nil when the body is not one such message.
    private static func servingStatus(_ body: [UInt8]) -> UInt64? {
        guard body.count >= 5, body[0] == 0 else { return nil }
        let length = body[1..<5].reduce(0) { $0 << 8 | Int($1) }
        guard length == body.count - 5 else { return nil }
        var rest = body[5...]
        var status: UInt64 = 0
        while !rest.isEmpty {
            guard let tag = varint(&rest) else { return nil }
            switch tag & 7 {
            case 0:
                guard let value = varint(&rest) else { return nil }
                if tag >> 3 == 1 { status = value }
            case 1, 5:
                guard rest.count >= (tag & 7 == 1 ? 8 : 4) else { return nil }
                rest = rest.dropFirst(tag & 7 == 1 ? 8 : 4)
            case 2:
                guard let count = varint(&rest), count <= UInt64(rest.count) else { return nil }
                rest = rest.dropFirst(Int(count))
            default:
                return nil
            }
        }
        return status
    }

    private static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
