// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The sanitizer of this build, as `tools/test` says.
package enum Sanitizer {
    /// Whether there is one, which reserves a large address space.
    package static var isOn: Bool { Environment.get("BACKENDD_TEST_SANITIZER") != nil }

    /// Whether memory is counted: what a test leaves behind on purpose is a leak, and freed memory is kept for a while.
    package static var countsMemory: Bool { Environment.get("BACKENDD_TEST_SANITIZER") == "address" }
}
