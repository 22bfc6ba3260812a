// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import Testing

@Suite struct HTTPTargetTests {
    @Test(arguments: [
        ("http://a/b?c=d", "a:80", "http://a:80/b?c=d"), ("HTTPS://a.b:8443", "a.b:8443", "https://a.b:8443/"),
        ("http://[::1]:80/x#y", "[::1]:80", "http://[::1]:80/x"),
        ("http://[fe80::1]?q", "[fe80::1]:80", "http://[fe80::1]:80/?q"),
    ])
    func `a URL is taken apart and put together`(url: String, address: String, whole: String) throws {
        let target = try #require(HTTPTarget(url))
        #expect(target.address == address)
        #expect(target.url(naming: nil) == whole)
    }

    @Test func `another name stands in the place of the host`() throws {
        #expect(try #require(HTTPTarget("https://127.0.0.1:9/x")).url(naming: "model") == "https://model:9/x")
    }

    @Test(arguments: [
        "", "http", "http:/a", "ftp://a", "file:///etc/passwd", "http://", "http:///x", "http://:80", "http://a:0",
        "http://a:65536", "http://a:", "http://a:+1", "http://user:word@a/", "http://[::1", "http://[]",
        "http://[::1]x",
        "http://a b/", "http://a/\r\nX: y", "http://a\\b/",
    ])
    func `what is not such a URL is refused`(url: String) {
        #expect(HTTPTarget(url) == nil)
    }
}
