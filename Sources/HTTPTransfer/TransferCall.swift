// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Synchronization

/// Who waits for a transfer; each is another one.
final class TransferCall: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Said before the loop is told, so that a transfer that begins later sees it.
    func cancel() {
        flag.store(true, ordering: .sequentiallyConsistent)
    }

    var isCancelled: Bool { flag.load(ordering: .sequentiallyConsistent) }
}
