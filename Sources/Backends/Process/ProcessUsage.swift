// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What the processes of a tree use together.
package struct ProcessUsage: Hashable, Sendable {
    package var residentBytes: UInt64 = 0
    package var processorTime = Duration.zero
}
