// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a watch is.
struct WatchProgress: Hashable, Sendable {
    private(set) var position: WatchPosition?
    var resumption: Resumption

    init(position: WatchPosition?, patience: Duration) {
        self.position = position
        resumption = Resumption(patience: patience)
    }

    mutating func told(_ event: BackendEvent) {
        position = event.position ?? position
        resumption.told()
    }
}
