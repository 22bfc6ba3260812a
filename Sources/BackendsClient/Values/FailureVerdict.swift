// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What became of a failure that was reported.
public enum FailureVerdict: Hashable, Sendable {
    /// The code says nothing about the health of the model.
    case ignored
    /// The model answers its probe: nothing is done.
    case healthy
    /// It is not ready: already starting, restarting or stopping.
    case notReady
    /// It is restarted.
    case restarted
    /// A verdict that this version of the library does not know, with its number on the wire.
    case other(Int32)
}
