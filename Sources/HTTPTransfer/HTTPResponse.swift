// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The answer of a server.
package struct HTTPResponse: Hashable, Sendable {
    /// 0 if only a connection was asked for.
    package var status: Int
    package var headers: [HTTPHeader]
    /// The headers after the body.
    package var trailers: [HTTPHeader]
    package var body: [UInt8]

    package init(status: Int, headers: [HTTPHeader] = [], trailers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.trailers = trailers
        self.body = body
    }
}

/// One line of a header or trailer.
package struct HTTPHeader: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension Sequence<HTTPHeader> {
    /// The value of the first line with the name, ignoring case.
    package func value(of name: String) -> String? {
        let wanted = name.lowercased()
        return first { $0.name.lowercased() == wanted }?.value
    }
}
