// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
import Testing

/// The first thing that a newcomer runs.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct QuickstartTests {
    @Test func `the quickstart works to its end, with the programs of this build`() async throws {
        let program = try RunningProgram([Peers.root + "/tools/quickstart", "--programs", RunningProgram.directory])
        let (output, errors) = (await program.output.all(), await program.errors.all())
        #expect(try await program.wait() == .exited(0), "\((output + errors).joined(separator: "\n"))")
        #expect(output.contains { $0.contains("what granite answers") })
        #expect(output.contains("The daemon drained and ended; nothing is left."))
        #expect(output.allSatisfy { !$0.utf8.contains(0x1B) }, "colors are for terminals")
    }
}
