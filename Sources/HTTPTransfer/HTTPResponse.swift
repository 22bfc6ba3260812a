// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a server answered.
package struct HTTPResponse: Hashable, Sendable {
    /// 0 where only a connection was asked for.
    package var status: Int
    package var headers: [HTTPHeader]
    /// What came after the body.
    package var trailers: [HTTPHeader]
    package var body: [UInt8]

    package init(status: Int, headers: [HTTPHeader] = [], trailers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.trailers = trailers
        self.body = body
    }
}
