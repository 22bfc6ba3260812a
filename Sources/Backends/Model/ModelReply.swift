// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a caller of a pool of models gets.
enum ModelReply: Sendable {
    /// Where the model is; for a use, which it holds from now on.
    case endpoint(ModelEndpoint)
    /// The model as it was when its load succeeded; false where it was loaded before.
    case loaded(ModelSnapshot, changed: Bool)
    /// What it asked for is so; false where it was so before.
    case done(changed: Bool)
}
