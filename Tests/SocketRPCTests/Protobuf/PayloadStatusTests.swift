// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import Testing
import TextKeys

@Suite struct PayloadStatusTests {
    @Test(
        arguments: [
            (PayloadError.Kind.malformed, RPCStatus.Code.internal, "PAYLOAD_MALFORMED"),
            (.tooLarge, .resourceExhausted, "PAYLOAD_TOO_LARGE"),
            (.unencodable, .invalidArgument, "PAYLOAD_UNENCODABLE"),
        ])
    func `a payload that is refused has a status with a reason`(
        _ kind: PayloadError.Kind, _ code: RPCStatus.Code, _ reason: String
    ) {
        let status = RPCStatus(PayloadError(kind, "words"))
        #expect(status.code == code)
        #expect(status.message == "words")
        #expect(status.errorInfo == GoogleErrorInfo(reason: reason, domain: "backends.v1"))
    }

    @Test func `a status goes into a message and comes back`() throws {
        var status = RPCStatus(.aborted, reason: "BUSY", "try again", metadata: ["holder": "x"])
        status.add(GoogleRetryInfo(retryDelay: GoogleDuration(.milliseconds(1_500))))
        status.add(
            GoogleBadRequest(fieldViolations: [GoogleBadRequest.FieldViolation(field: "a.b", description: "wrong")]))
        let read = try RPCStatus(GoogleStatus(decoding: GoogleStatus(status).encoded()))
        #expect(read == status)
        #expect(read.reason == "BUSY")
        #expect(read.errorInfo?.metadata == ["holder": "x"])
        #expect(read.retryDelay == .milliseconds(1_500))
        #expect(read.badRequest?.fieldViolations.map(\.field) == ["a.b"])
    }

    @Test func `a NUL in the words of a status is replaced, so that the status can be sent`() throws {
        let message = GoogleStatus(RPCStatus(.internal, "a\0b"))
        #expect(message.message == "a\u{FFFD}b")
        #expect(throws: Never.self) { try message.encoded() }
    }

    @Test func `a detail that does not decode is as good as none`() {
        let status = RPCStatus(
            .internal, "words", details: [GoogleAny(typeURL: "type.googleapis.com/google.rpc.ErrorInfo", value: [0xFF])]
        )
        #expect(status.errorInfo == nil)
        #expect(status.retryDelay == nil)
    }

    @Test(arguments: [Duration.zero, .nanoseconds(1), .milliseconds(-1_500), .seconds(90), .nanoseconds(-1)])
    func `a duration goes into a message and comes back`(_ duration: Duration) {
        #expect(Duration(GoogleDuration(duration)) == duration)
    }

    @Test func `the numbers of a duration have one sign`() {
        let duration = GoogleDuration(.milliseconds(-1_500))
        #expect(duration.seconds == -1)
        #expect(duration.nanos == -500_000_000)
    }
}
