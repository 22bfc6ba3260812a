// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import Testing

@Suite("BackendError")
struct BackendErrorTests {
    @Test(arguments: BackendError.Reason.allCases.map(\.rawValue) + BackendEvent.Cause.allCases.map(\.rawValue))
    func `reasons and causes are words in capitals`(word: String) {
        #expect(word.utf8.allSatisfy { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") || $0 == UInt8(ascii: "_") })
        #expect(!word.hasPrefix("_") && !word.hasSuffix("_") && !word.isEmpty)
    }

    @Test func `an error reads as reason and message`() {
        let error = BackendError(.notFound, .backendNotFound, "no backend \"x\"")
        #expect("\(error)" == "BACKEND_NOT_FOUND: no backend \"x\"")
    }

    @Test func `a failure keeps the front of a long message, to a whole character`() {
        let failure = BackendFailure(reason: "X", message: String(repeating: "ü", count: 10_000))
        #expect(failure.message.utf8.count <= BackendFailure.messageLimit)
        #expect(failure.message.hasSuffix("üü…"))
        #expect(BackendFailure(reason: "X", message: "short").message == "short")
    }
}
