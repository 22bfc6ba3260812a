// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO
internal import TextKeys

/// How the process of an instance ended, and what may explain it.
package struct InstanceEnd: Hashable, Sendable {
    package var status: ChildProcess.Status
    /// The last lines of standard error, oldest first.
    package var lastLines: [String]
    /// The last lines of standard output, when there are none of standard error.
    package var lastOutput: [String]
    /// Why the output is not kept in its files; nil when it is.
    package var logFailure: BackendFailure?
    /// Whether another process had the instance's port.
    package var isPortTaken: Bool

    package init(
        status: ChildProcess.Status, lastLines: [String] = [], lastOutput: [String] = [],
        logFailure: BackendFailure? = nil, isPortTaken: Bool = false
    ) {
        self.status = status
        self.lastLines = lastLines
        self.lastOutput = lastOutput
        self.logFailure = logFailure
        self.isPortTaken = isPortTaken
    }

    /// The reason `EXITED` or `KILLED`, with the exit code or the signal, and the last lines.
    package var failure: BackendFailure {
        BackendFailure(isKilled ? .killed : .exited, summary + quotedLines)
    }

    var isSuccess: Bool { status == .exited(0) }

    private var summary: String {
        switch status {
        case .exited(let code): "its process ended with exit code \(code)"
        case .signaled(let signal): "its process was terminated by signal \(signal.rawValue)"
        }
    }

    /// The last lines as the rest of a message; only the newest if not all fit.
    var quotedLines: String {
        var room = 3500
        var kept: [String] = []
        let isError = !lastLines.isEmpty
        for line in (isError ? lastLines : lastOutput).reversed() where room > 0 {
            kept.append(line.cut(toBytes: room))
            room -= line.utf8.count + 1
        }
        if kept.isEmpty, let logFailure { return "; its output is not kept: \(logFailure.message)" }
        guard !kept.isEmpty else { return "; it wrote nothing" }
        let lead =
            isError ? "it last wrote" : "it wrote nothing to standard error, and to standard output it last wrote"
        return "; \(lead):\n" + kept.reversed().joined(separator: "\n")
    }

    private var isKilled: Bool {
        switch status {
        case .exited: false
        case .signaled: true
        }
    }
}
