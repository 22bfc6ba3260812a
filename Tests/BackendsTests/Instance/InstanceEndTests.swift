// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import SystemIO
import Testing

@Suite struct InstanceEndTests {
    private static let lost = BackendFailure(reason: "LOG_NOT_KEPT", message: "the disk is full")

    @Test(
        arguments: [
            (["a", "b"], ["c"], nil, "; it last wrote:\na\nb"),
            ([], ["c"], nil, "; it wrote nothing to standard error, and to standard output it last wrote:\nc"),
            ([], [], nil, "; it wrote nothing"),
            ([], [], lost, "; its output is not kept: the disk is full"),
            (["a"], [], lost, "; it last wrote:\na"),
        ] as [([String], [String], BackendFailure?, String)])
    func `a failure says what the process wrote last`(
        errors: [String], output: [String], failure: BackendFailure?, words: String
    ) {
        let end = InstanceEnd(status: .exited(3), lastLines: errors, lastOutput: output, logFailure: failure)
        #expect(end.failure.message == "its process ended with exit code 3" + words)
        #expect(end.failure.firstLine == "its process ended with exit code 3" + (words.contains("\n") ? "" : words))
    }
}
