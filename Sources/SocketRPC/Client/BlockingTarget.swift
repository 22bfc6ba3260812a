// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What goes into the request of a blocking client's call beside its message.
struct BlockingTarget {
    let service: String
    let method: String
    let kind: RPCKind
    let metadata: RPCMetadata
    let deadline: CallDeadline
}
