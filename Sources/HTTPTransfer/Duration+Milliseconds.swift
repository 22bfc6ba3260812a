// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

extension Duration {
    /// Rounded up, at least 1.
    package var milliseconds: Int {
        Int(max(clampedNanoseconds / 1_000_000 + (clampedNanoseconds % 1_000_000 == 0 ? 0 : 1), 1))
    }
}
