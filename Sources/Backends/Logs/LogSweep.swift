// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// Removes the log files of backends that are not configured.
///
/// It removes only regular files of the daemon's own user that are named like its logs and were not written to for ``age``.
package struct LogSweep: Sendable {
    /// 7 days.
    package static let age = Duration.seconds(7 * 24 * 3600)
    /// The most names that one sweep looks at, and the most files that it removes. The next sweep goes on with the rest.
    private static let lookLimit = 65_536
    private static let removalLimit = 4096

    /// The result of one sweep.
    package struct Result: Hashable, Sendable {
        package var removed = 0
        /// The first error with a file or the directory.
        package var fault: SystemError?

        package init(removed: Int = 0, fault: SystemError? = nil) {
            self.removed = removed
            self.fault = fault
        }
    }

    private let directory: String
    private let now: Timestamp

    package init(of supervision: Supervision) {
        directory = supervision.logDirectory
        now = supervision.clock.now()
    }

    /// Sweeps once. Blocks on the disk. A backend that is created meanwhile keeps its files if `isConfigured` knows it by then.
    package func run(where isConfigured: (String) -> Bool) -> Result {
        var result = Result()
        do throws(SystemError) {
            let directory = try Directory.trusted(directory)
            for file in try directory.names(atMost: Self.lookLimit) {
                guard result.removed < Self.removalLimit else { break }
                guard let backend = InstanceLog.backend(ofFile: file), !isConfigured(backend) else { continue }
                do throws(SystemError) {
                    guard let status = try directory.status(of: file), isStale(status) else { continue }
                    try directory.remove(file)
                    result.removed += 1
                } catch {
                    result.fault = result.fault ?? error
                }
            }
        } catch {
            // Without a directory there is nothing to remove.
            if !error.isNotFound { result.fault = error }
        }
        return result
    }

    private func isStale(_ status: FileStatus) -> Bool {
        let written = Timestamp(
            seconds: status.modifiedSeconds, nanoseconds: Int32(clamping: status.modifiedNanoseconds))
        return status.kind == .regular && status.owner == ProcessInformation.uid && status.links == 1
            && written < now - Self.age
    }
}
