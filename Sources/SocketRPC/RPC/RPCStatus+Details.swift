// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import TextKeys

extension RPCStatus {
    /// The domain of this project's reasons.
    public static let errorDomain = "backends.v1"

    /// A status with a stable reason for programs.
    ///
    /// - Parameters:
    ///   - code: The gRPC code.
    ///   - reason: An UPPER_SNAKE word.
    ///   - message: What was tried, on what, and what to do.
    ///   - metadata: What a program needs in addition to the reason, by name.
    ///   - retryAfter: How long to wait before retrying, if waiting helps.
    public init(
        _ code: Code, reason: String, _ message: String, metadata: [String: String] = [:], retryAfter: Duration? = nil
    ) {
        self.init(code, message)
        add(GoogleErrorInfo(reason: reason, domain: Self.errorDomain, metadata: TextMap(metadata)))
        if let retryAfter { add(GoogleRetryInfo(retryDelay: GoogleDuration(retryAfter))) }
    }

    /// The reason and its metadata, if the server sent them.
    public var errorInfo: GoogleErrorInfo? { detail(GoogleErrorInfo.self) }

    /// The invalid fields of the request, if the server sent them.
    public var badRequest: GoogleBadRequest? { detail(GoogleBadRequest.self) }

    /// The stable reason, if the server sent one.
    public var reason: String? { errorInfo?.reason }

    /// How long to wait before retrying, if the server sent it.
    public var retryDelay: Duration? {
        guard let delay = detail(GoogleRetryInfo.self)?.retryDelay else { return nil }
        return Duration(delay)
    }

    /// Adds a detail. A NUL in it becomes an escape. A detail that is too large or nested too deep is left out.
    package mutating func add<Detail: ProtobufMessage>(_ detail: Detail) {
        guard let value = try? detail.encoded(escapingNUL: true) else { return }
        details.append(GoogleAny(typeURL: "type.googleapis.com/\(Detail.protobufName)", value: value))
    }

    private func detail<Detail: ProtobufMessage>(_ type: Detail.Type) -> Detail? {
        for detail in details where detail.typeURL.hasSuffix("/\(Detail.protobufName)") {
            if let decoded = try? Detail(decoding: detail.value) { return decoded }
        }
        return nil
    }
}

extension RPCStatus {
    /// The status for a message that did not decode, or could not be encoded.
    package init(_ error: PayloadError) {
        switch error.kind {
        case .malformed:
            self.init(
                .internal, reason: Self.payloadMalformed, error.message,
                metadata: error.textField.map { [Self.textField: $0] } ?? [:])
        case .tooLarge: self.init(.resourceExhausted, reason: "PAYLOAD_TOO_LARGE", error.message)
        case .unencodable: self.init(.invalidArgument, reason: "PAYLOAD_UNENCODABLE", error.message)
        }
    }

    /// The reason of a message that does not decode.
    private static var payloadMalformed: String { "PAYLOAD_MALFORMED" }
    /// The metadata key for a field whose text is not valid.
    private static var textField: String { "field" }

    /// Whether a message was not decoded because the text of a field is not UTF-8 or holds a NUL.
    package func isAboutText(of field: String) -> Bool {
        let info = errorInfo
        return info?.reason == Self.payloadMalformed && info?.metadata[Self.textField] == field
    }

    /// The status that a message carries.
    package init(_ status: GoogleStatus) {
        self.init(Code(rawValue: status.code), status.message, details: status.details)
    }
}

extension GoogleStatus {
    /// The message that carries a status.
    package init(_ status: RPCStatus) {
        self.init(code: status.code.rawValue, message: status.message.replacingNULs, details: status.details)
    }
}

extension String {
    /// The text without NULs, which a string of a message cannot contain.
    fileprivate var replacingNULs: String {
        utf8.contains(0) ? String(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : Character($0) }) : self
    }
}
