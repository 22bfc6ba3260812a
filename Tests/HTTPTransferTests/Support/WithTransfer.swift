// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import HTTPTransfer
internal import SystemIO
internal import TestSupport
internal import Testing

/// Runs a test with a transfer on a loop of its own.
func withTransfer(
    library: String = HTTPTransfer.libraryName, _ body: (HTTPTransfer) async throws -> Void
) async throws {
    try await withEventLoop { loop in
        try await body(HTTPTransfer(loop: loop, libraryName: library))
    }
}

/// Whether the process has no more descriptors than before, once those that end at this moment have ended.
func descriptorsAreBack(to before: Int) async throws -> Bool {
    try await onThread {
        for _ in 0..<1000 {
            // The thread that looks has two of its own.
            if try ProcessUsage.own().descriptors <= before + 2 { return true }
            MonotonicClock.sleep(.milliseconds(10))
        }
        return false
    }
}

/// What the transfer fails with.
func failure(_ transfer: HTTPTransfer, _ request: HTTPRequest) async -> HTTPTransferError? {
    await #expect(throws: HTTPTransferError.self) { _ = try await transfer.perform(request) }
}
