// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A flushable that calls a closure.
final class FlushProbe: Flushable {
    private let onFlush: () -> Void

    init(_ onFlush: @escaping () -> Void) {
        self.onFlush = onFlush
    }

    func flush() {
        onFlush()
    }
}
