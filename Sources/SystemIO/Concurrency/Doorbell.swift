// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CSystem

/// Wakes a thread that waits for work.
package final class Doorbell: Sendable {
    private let descriptor: FileDescriptor
    /// Whether it was rung since the thread answered it last.
    private let isRung = Guarded(false)

    package init() throws(SystemError) {
        let number = csys_eventfd_create()
        guard number >= 0 else { throw .last("create an eventfd") }
        descriptor = FileDescriptor(adopting: number)
    }

    /// Wakes the thread, now or when it next waits. Does not block.
    package func ring() {
        let isFirst = isRung.withLock { isRung in
            defer { isRung = true }
            return !isRung
        }
        // A bell that was rung already has a number above 0, and the counter cannot overflow.
        if isFirst { _ = csys_eventfd_signal(descriptor.rawValue) }
    }

    /// Waits until the bell has been rung since the last wait, or the time has passed. Call from one thread.
    package func wait(timeout: Duration?) {
        _ = try? descriptor.wait(for: .read, timeout: timeout)
        // Before the work is taken: what is rung from here on is seen by the next wait.
        isRung.withLock { isRung in
            var count = ByteBuffer()
            _ = try? descriptor.read(into: &count, atMost: 8)
            isRung = false
        }
    }
}
