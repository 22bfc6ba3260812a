// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

/// Durations as users write them: `5s`, `1m30s`, `250ms`.
enum DurationInput {
    static func duration(_ text: String) throws(CommandFailure) -> Duration {
        do throws(ConfigDurationError) {
            return try ConfigDuration(parsing: text).duration
        } catch {
            throw .usage("DURATION_INVALID", "\(error)")
        }
    }

    /// The same for an option of the command line.
    static let transform: @Sendable (String) throws -> Duration = { try duration($0) }
}
