// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import Testing

@Suite struct HTTPResponseParserTests {
    private func answer(_ lines: String..., limit: Int = 8) -> HTTPResponseParser {
        var answer = HTTPResponseParser(bodyLimit: limit)
        for line in lines { _ = answer.lineReceived(Array((line + "\r\n").utf8)) }
        return answer
    }

    @Test func `a head is a status and headers`() {
        let response = answer("HTTP/1.1 404 Not Found", "A: b", "X-Y:  z ", "").response
        #expect(response.status == 404)
        #expect(response.headers == [HTTPHeader("A", "b"), HTTPHeader("X-Y", "z")])
        #expect(response.headers.value(of: "x-y") == "z")
    }

    @Test func `what comes after the head is a trailer`() {
        let response = answer("HTTP/2 200", "a: b", "", "grpc-status: 0", "").response
        #expect(response.headers == [HTTPHeader("a", "b")])
        #expect(response.trailers == [HTTPHeader("grpc-status", "0")])
    }

    @Test func `an interim answer is forgotten`() {
        let response = answer("HTTP/1.1 103 Early Hints", "Link: x", "", "HTTP/1.1 200 OK", "A: b", "").response
        #expect(response == HTTPResponse(status: 200, headers: [HTTPHeader("A", "b")]))
    }

    @Test(arguments: ["no colon", ": empty", "HTTP/1.1", "HTTP/1.1 two"])
    func `a line that is not a header is left out`(line: String) {
        #expect(answer("HTTP/1.1 0 x", line, "").response == HTTPResponse(status: 0))
    }

    @Test func `a body has its bound`() {
        var answer = answer("HTTP/1.1 200 OK", "")
        let fits = answer.bodyReceived([1, 2, 3, 4, 5, 6, 7, 8])
        #expect(fits && answer.excess == nil)
        let isMore = answer.bodyReceived([9])
        #expect(!isMore && answer.excess == .body && answer.response.body.count == 8)
    }

    @Test func `headers have their bound together`() {
        var answer = answer("HTTP/1.1 200 OK")
        let line = Array("a: \(String(repeating: "b", count: 1000))\r\n".utf8)
        var count = 0
        while answer.lineReceived(line) { count += 1 }
        #expect(count == (HTTPResponseParser.headLimit - 17) / line.count && answer.excess == .head)
    }
}
