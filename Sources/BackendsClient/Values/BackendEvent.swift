// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a watcher is told.
public enum BackendEvent: Hashable, Sendable {
    /// All backends as they are at a position; what a watch begins with, and what follows a gap.
    case snapshot(BackendSnapshot)
    /// One change of one backend.
    case change(BackendChange)
    /// One change of one supervised process.
    case instance(InstanceChange)
    /// One change of one model.
    case model(ModelChange)
    /// Changes were lost; a snapshot follows.
    case gap(EventGap)
}
