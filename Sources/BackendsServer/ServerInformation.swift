// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import Backends

/// What `GetServerInfo` tells of the daemon.
package struct ServerInformation: Sendable {
    package let version: String
    package let startTime: Timestamp
    package let pid: Int32
    package let socketPath: String
    /// What changes while it runs.
    let figures: ServerFigures

    init(
        version: String, startTime: Timestamp, pid: Int32, socketPath: String, figures: ServerFigures
    ) {
        self.version = version
        self.startTime = startTime
        self.pid = pid
        self.socketPath = socketPath
        self.figures = figures
    }
}
