// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient
import Testing
import backendctl

@Suite struct ExitStatusTests {
    @Test(
        arguments: [
            (.invalidArgument, 2), (.notFound, 3), (.alreadyExists, 4), (.failedPrecondition, 4), (.aborted, 4),
            (.resourceExhausted, 4), (.permissionDenied, 5), (.unauthenticated, 5), (.deadlineExceeded, 6),
            (.unavailable, 4), (.cancelled, 1), (.unknown, 1), (.outOfRange, 1), (.unimplemented, 1), (.internal, 1),
            (.dataLoss, 1), (BackendClientError.Code(rawValue: 99), 1),
        ] as [(BackendClientError.Code, Int32)])
    func `every code has its exit status`(code: BackendClientError.Code, status: Int32) {
        #expect(ExitStatus(BackendClientError(code, "x")).rawValue == status)
    }

    @Test(
        arguments: [
            ("NO_DAEMON", 7), ("CANNOT_CONNECT", 7), ("CONNECTION_LOST", 7), ("NOT_SENT", 7), ("BACKLOG_FULL", 7),
            ("MODEL_NOT_READY", 4), ("MODEL_UNAVAILABLE", 4), ("CONNECTION_FAILED", 4), ("SERVER_DRAINING", 4),
            ("SHUTTING_DOWN", 4), ("BACKEND_FAILED", 4),
        ] as [(String, Int32)])
    func `7 is only for a daemon that does not answer`(reason: String, status: Int32) {
        #expect(ExitStatus(BackendClientError(.unavailable, reason: reason, "x")).rawValue == status)
    }

    @Test func `a context ends as the first backend that failed`() {
        let (denied, lost) = (BackendClientError(.permissionDenied, "no"), BackendClientError(.internal, "oops"))
        #expect(ExitStatus([.handled, .ignored]) == nil)
        #expect(ExitStatus([.handled, .failed(denied), .failed(lost)]) == .denied)
    }
}
