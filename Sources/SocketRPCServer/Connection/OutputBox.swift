// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// A buffer for output that connections of one loop lend each other, so that an idle one holds none.
final class OutputBox {
    var buffer = ByteBuffer(capacity: 4096)
}
