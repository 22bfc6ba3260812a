// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import Testing

@Suite struct SystemErrorTests {
    @Test func `the description says what was tried, on what, and why it failed`() {
        let error = SystemError(code: 98, call: "bind", subject: "/run/x.sock")
        #expect(error.description == "cannot bind /run/x.sock: Address already in use")
    }

    @Test func `the description does without a subject`() {
        #expect(SystemError(code: 11, call: "read").description == "cannot read: Resource temporarily unavailable")
    }

    @Test func `an unknown number has words too`() {
        #expect(SystemError(code: 9999, call: "read").description == "cannot read: Unknown error 9999")
    }
}
