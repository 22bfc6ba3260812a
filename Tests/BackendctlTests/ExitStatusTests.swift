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
            (.noDaemon, 7), (.cannotConnect, 7), (.connectionLost, 7), (.notSent, 7), (.backlogFull, 7),
            (.modelNotReady, 4), (.modelUnavailable, 4), (.connectionFailed, 4), (.serverDraining, 4),
            (.shuttingDown, 4), (.backendFailed, 4),
        ] as [(FailureReason, Int32)])
    func `7 is only for a daemon that does not answer`(reason: FailureReason, status: Int32) {
        #expect(ExitStatus(BackendClientError(.unavailable, reason: reason, "x")).rawValue == status)
    }

    @Test func `a context ends as the first backend that failed`() {
        let (denied, lost) = (BackendClientError(.permissionDenied, "no"), BackendClientError(.internal, "oops"))
        #expect(ExitStatus([.handled, .ignored]) == nil)
        #expect(ExitStatus([.handled, .failed(denied), .failed(lost)]) == .denied)
    }
}
