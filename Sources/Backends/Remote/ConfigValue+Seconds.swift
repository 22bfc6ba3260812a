// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

extension ConfigValue {
    /// A length of time: a duration such as `30s`, or a number of seconds; nil where it is neither or negative.
    var secondsOrDuration: Duration? {
        if let duration = durationValue { return duration.duration }
        guard let seconds = numberValue, (0...315_360_000).contains(seconds) else { return nil }
        return .nanoseconds(Int64(seconds * 1e9))
    }
}
