// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// An actor that lives on an event loop.
actor LoopActor {
    nonisolated let loop: EventLoop
    private(set) var count = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    init(loop: EventLoop) {
        self.loop = loop
    }

    func increment() -> Bool {
        count += 1
        return loop.isCurrent
    }

    func incrementAfterSuspension() async -> Bool {
        await Task.yield()
        return increment()
    }
}
