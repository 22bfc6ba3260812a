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
            (.unavailable, 7), (.cancelled, 1), (.unknown, 1), (.outOfRange, 1), (.unimplemented, 1), (.internal, 1),
            (.dataLoss, 1), (BackendClientError.Code(rawValue: 99), 1),
        ] as [(BackendClientError.Code, Int32)])
    func `every code has its exit status`(code: BackendClientError.Code, status: Int32) {
        #expect(ExitStatus(code).rawValue == status)
    }
}
