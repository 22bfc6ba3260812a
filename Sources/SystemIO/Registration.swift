// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// A descriptor's place on an event loop.
///
/// It names one registration for ever: a later one that gets the same place has another generation.
package struct Registration: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32

    var tag: UInt64 { UInt64(generation) << 32 | UInt64(index) }

    init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }

    init(tag: UInt64) {
        index = UInt32(truncatingIfNeeded: tag)
        generation = UInt32(truncatingIfNeeded: tag >> 32)
    }
}
