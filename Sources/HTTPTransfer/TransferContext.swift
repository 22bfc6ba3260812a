// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What the library's callbacks get: it does not keep the transfer.
final class TransferContext {
    weak var transfer: RunningTransfer?
}
