// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// Removes the files that instances of backends have left which are not configured any more.
///
/// Only plain files of the daemon's own user that have the names of its logs, and that were not written to for ``age``.
package struct LogSweep: Sendable {
    /// How old a file must be: 7 days.
    package static let age = Duration.seconds(7 * 24 * 3600)
    /// How many names one sweep looks at, and how many files it removes at most; what is left over is for the next one.
    private static let lookLimit = 65_536
    private static let removalLimit = 4096

    /// What a sweep has done.
    package struct Result: Hashable, Sendable {
        package var removed = 0
        /// Why a file, or the directory, could not be dealt with: the first of these errors.
        package var fault: SystemError?

        package init(removed: Int = 0, fault: SystemError? = nil) {
            self.removed = removed
            self.fault = fault
        }
    }

    private let directory: String
    private let now: Timestamp

    package init(of host: BackendHost) {
        directory = host.logDirectory
        now = host.clock.now()
    }

    /// Sweeps once; blocks on the disk. A backend that is created meanwhile keeps its files if `isConfigured` knows it.
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
            // Without the directory there is nothing to remove.
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
