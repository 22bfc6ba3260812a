// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Logging
internal import Synchronization

/// How the log is written now. Shared by all loggers of the daemon, so that a reload changes them all.
final class LogSettings: Sendable {
    private let levelIndex: Atomic<Int>
    private let formatIndex: Atomic<Int>

    init(level: Logger.Level, format: LogFormat) {
        levelIndex = Atomic(Self.index(of: level, in: Logger.Level.allCases))
        formatIndex = Atomic(Self.index(of: format, in: LogFormat.allCases))
    }

    var level: Logger.Level {
        get { Logger.Level.allCases[levelIndex.load(ordering: .relaxed)] }
        set { levelIndex.store(Self.index(of: newValue, in: Logger.Level.allCases), ordering: .relaxed) }
    }

    var format: LogFormat {
        get { LogFormat.allCases[formatIndex.load(ordering: .relaxed)] }
        set { formatIndex.store(Self.index(of: newValue, in: LogFormat.allCases), ordering: .relaxed) }
    }

    /// A logger that follows these settings.
    var logger: Logger { Logger(label: "backendd") { LineLogHandler(label: $0, settings: self) } }

    private static func index<Element: Equatable>(of element: Element, in all: [Element]) -> Int {
        all.firstIndex(of: element) ?? 0
    }
}
