// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a caller of a pool of models gets.
enum ModelReply: Sendable {
    /// Where the model is; for a use, which it holds from now on.
    case endpoint(ModelEndpoint)
    /// What it asked for is so; false where it was so before.
    case done(changed: Bool)
}
