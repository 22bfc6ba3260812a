// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Logging
internal import SystemIO

/// Writes each event of the log as one line to standard error.
struct LineLogHandler: LogHandler {
    let label: String
    private let settings: LogSettings
    /// Set for one logger alone, which then does not follow the settings.
    private var ownLevel: Logger.Level?
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, settings: LogSettings) {
        self.label = label
        self.settings = settings
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? settings.level }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let format = settings.format
        var all = metadata
        if let provided = metadataProvider?.get() {
            all.merge(provided) { _, new in new }
        }
        if let own = event.metadata {
            all.merge(own) { _, new in new }
        }
        let line = LogLine(
            time: WallClock.now, level: event.level, message: SecretWords.shown(event.message.description),
            fields: all.sorted { $0.key < $1.key }.map { ($0.key, SecretWords.shown($0.value.description)) })
        LogOutput.standardError.write(line.text(format)) { Self.report(ofDropped: $0, format) }
    }

    /// The line that reports how many lines were dropped.
    static func report(ofDropped count: Int, _ format: LogFormat) -> String {
        LogLine(
            time: WallClock.now, level: .warning,
            message: "log lines were dropped, because they could not be written in time",
            fields: [("count", String(count))]
        ).text(format)
    }
}
