// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension Duration {
    /// The duration that a message carries.
    package init(_ duration: GoogleDuration) {
        self = .seconds(duration.seconds) + .nanoseconds(Int64(duration.nanos))
    }
}

extension GoogleDuration {
    /// The message for a duration, cut to nanoseconds.
    package init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
    }
}
