// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CCurl
internal import SystemIO

extension RunningTransfer {
    /// Configures libcurl for the request.
    func configure() throws(HTTPTransferError) {
        let tls = request.tls ?? HTTPTLS()
        try set(CCURL_URL, target.url(naming: target.isSecure ? tls.serverName : nil))
        if let path = request.unixSocket {
            try set(CCURL_UNIX_SOCKET, path)
        } else if target.isSecure, tls.serverName != nil {
            try check(unsafe ccurl_transfer_set_address(handle, "::\(target.address)"), "its address")
        }
        try set(CCURL_CONNECT_TIMEOUT, min(request.connectTimeout ?? request.timeout, request.timeout).milliseconds)
        try set(CCURL_HTTP2, request.version == .http2PriorKnowledge ? 1 : 0)
        if target.isSecure { try configure(tls) }
        if request.connectOnly {
            try set(CCURL_CONNECT_ONLY, 1)
        } else {
            try configureMessage()
        }
    }

    private func configure(_ tls: HTTPTLS) throws(HTTPTransferError) {
        try set(CCURL_VERIFY, tls.verifies ? 1 : 0)
        if let file = tls.caFile { try set(CCURL_CA_FILE, file) }
        if let file = tls.certFile { try set(CCURL_CERTIFICATE_FILE, file) }
        if let file = tls.keyFile { try set(CCURL_KEY_FILE, file) }
    }

    private func configureMessage() throws(HTTPTransferError) {
        try check(Self.isToken(request.method), "its method")
        if request.method == "HEAD" {
            try set(CCURL_NO_BODY, 1)
        } else if !request.body.isEmpty || request.method == "POST" || request.method == "PUT" {
            let isTaken = unsafe request.body.withUnsafeBytes {
                unsafe ccurl_transfer_set_body(handle, $0.baseAddress, $0.count)
            }
            try check(isTaken, "its body")
        }
        if request.method != "GET" || !request.body.isEmpty { try set(CCURL_METHOD, request.method) }
        for header in request.headers {
            try check(Self.isToken(header.name) && Self.isLine(header.value), "a header")
            try add(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        // Headers that the library would add by itself.
        for name in ["Expect", "Content-Type"] where request.headers.value(of: name) == nil { try add("\(name):") }
    }

    private func set(_ what: ccurl_text, _ text: String) throws(HTTPTransferError) {
        // A NUL would end the text early.
        let isTaken = text.utf8.contains(0) ? false : unsafe ccurl_transfer_set_text(handle, what, text)
        try check(isTaken, "a text")
    }

    private func set(_ what: ccurl_number, _ number: Int) throws(HTTPTransferError) {
        // 24 days stand for any longer time, and fit everywhere.
        try check(unsafe ccurl_transfer_set_number(handle, what, min(number, Int(Int32.max) - 1)), "a number")
    }

    private func add(_ line: String) throws(HTTPTransferError) {
        try check(unsafe ccurl_transfer_add_header(handle, line), "a header")
    }

    private func check(_ isGood: Bool, _ what: String) throws(HTTPTransferError) {
        guard !isGood else { return }
        throw HTTPTransferError(.protocol, "the request to \(server) cannot be sent: \(what) is not usable")
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }

    private static func isLine(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 == 9 || ($0 >= 32 && $0 != 127) }
    }
}
