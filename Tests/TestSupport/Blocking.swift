// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Testing

extension Tag {
    /// Of a suite that blocks threads: it waits for sockets, programs, threads of its own, or real time. `tools/test` runs such
    /// suites with one test at a time per process, and all other suites in parallel.
    @Tag package static var blocking: Self
}
