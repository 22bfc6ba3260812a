// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC
internal import TestSupport
internal import Testing

/// Legal but odd payloads, and plain garbage, beside what Python's protobuf makes of them; see
/// Tests/Peers/python/judge_payloads.py.
@Suite struct PayloadJudgementTests {
    static let cases = PayloadCase.judged(path: fixturePath("../Fixtures/judged.txt"), types: FixtureMessages.all)

    @Test func `there are cases`() {
        #expect(Self.cases.count > 90)
        #expect(Self.cases.contains { $0.columns[1] == nil })
    }

    @Test(arguments: cases)
    func `a payload means what Python's protobuf says it means`(_ payload: PayloadCase) throws {
        try judge(payload, payload.type)
    }

    private func judge<Message: ProtobufMessage>(_ payload: PayloadCase, _ type: Message.Type) throws {
        guard let verdict = payload.columns[1] else {
            let error = #expect(throws: PayloadError.self) { try Message(decoding: payload.bytes) }
            #expect(error?.kind == .malformed)
            return
        }
        let message = try Message(decoding: payload.bytes)
        #expect(try message == Message(decoding: verdict))
        // Python writes the defaults in the entries of maps, protobuf-c does not.
        if !(message is FixtureMaps) {
            #expect(try message.encoded() == verdict)
        }
    }
}
