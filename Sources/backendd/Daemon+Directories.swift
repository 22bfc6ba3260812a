// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO

extension DaemonConfiguration {
    /// What keeps the daemon from using the directories that it is told to use, as this host is now.
    var directoryProblems: [ConfigViolation] {
        [("instance_directory", instanceDirectory), ("log_directory", logDirectory)].compactMap { key, path in
            path.flatMap { Self.problem(ofDirectory: $0) }.map { ConfigViolation(path: [.key(key)], message: $0) }
        }
    }

    /// What keeps a directory from being used, or made where it is missing.
    private static func problem(ofDirectory path: String) -> String? {
        var place = path
        while true {
            do throws(SystemError) {
                _ = try Directory.trusted(place, isShared: place != path)
                if File.isWritableDirectory(place) { return nil }
                return "cannot be written to: the daemon's user may not make files in \(place)"
            } catch {
                guard error.isNotFound, place != "/", place != "." else { return "cannot be used: \(error)" }
                place = SocketDirectory.parent(of: place) ?? "."
            }
        }
    }
}
