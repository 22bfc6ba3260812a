// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A handler that calls a closure.
final class Probe: EventHandler {
    private let onReady: (ReadyEvents) -> Void

    init(_ onReady: @escaping (ReadyEvents) -> Void) {
        self.onReady = onReady
    }

    func ready(_ events: ReadyEvents) {
        onReady(events)
    }
}
