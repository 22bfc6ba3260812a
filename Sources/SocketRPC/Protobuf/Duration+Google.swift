// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension Duration {
    /// The duration that a message carries, at most the ten thousand years that protobuf allows: what is reckoned with it does not
    /// overflow.
    package init(_ duration: GoogleDuration) {
        let limit: Int64 = 315_576_000_000
        self = .seconds(min(max(duration.seconds, -limit), limit)) + .nanoseconds(Int64(duration.nanos))
    }
}

extension GoogleDuration {
    /// The message for a duration, cut to nanoseconds.
    package init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
    }
}
