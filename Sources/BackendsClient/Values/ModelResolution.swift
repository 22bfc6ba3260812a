// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a model is, and which backends were passed over for it.
public struct ModelResolution: Hashable, Sendable {
    /// Where it can be reached.
    public let endpoint: ModelEndpoint
    /// The backends with a better priority, and why each was not taken: the first 16 that do not serve the model, and the first 16 with
    /// another reason.
    public let skipped: [SkippedBackend]
    /// How many more were passed over.
    public let skippedOthers: Int
    /// What the backends made of the context, where one was given.
    public let contextResults: [ContextResult]
}
