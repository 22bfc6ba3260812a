// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

/// How a process of an instance ended, with what is known about why.
package struct InstanceEnd: Hashable, Sendable {
    package var status: ChildProcess.Status
    /// The last lines of its standard error, oldest first.
    package var lastLines: [String]
    /// Whether it could not have its port.
    package var isPortTaken: Bool

    package init(status: ChildProcess.Status, lastLines: [String] = [], isPortTaken: Bool = false) {
        self.status = status
        self.lastLines = lastLines
        self.isPortTaken = isPortTaken
    }

    /// `EXITED` or `KILLED`, with the code or the signal, and what it last wrote.
    var failure: BackendFailure {
        BackendFailure(reason: isKilled ? "KILLED" : "EXITED", message: words + quotedLines)
    }

    var isSuccess: Bool { status == .exited(0) }

    var words: String {
        switch status {
        case .exited(let code): "its process ended with exit code \(code)"
        case .signalled(let signal): "its process was ended by signal \(signal.rawValue)"
        }
    }

    /// The last lines as the rest of a message, the newest where not all have room.
    var quotedLines: String {
        var room = 3500
        var kept: [String] = []
        for line in lastLines.reversed() where room > 0 {
            kept.append(line.utf8.count <= room ? line : String(decoding: line.utf8.prefix(room), as: UTF8.self))
            room -= line.utf8.count + 1
        }
        guard !kept.isEmpty else { return "; it wrote nothing to standard error" }
        return "; it last wrote:\n" + kept.reversed().joined(separator: "\n")
    }

    private var isKilled: Bool {
        switch status {
        case .exited: false
        case .signalled: true
        }
    }
}
