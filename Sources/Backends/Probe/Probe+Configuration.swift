// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument

extension Probe {
    /// Reads a configuration that the schema has checked and completed; nil when it names no kind.
    ///
    /// - Parameters:
    ///   - configuration: The map of the probe.
    ///   - path: The probe's key for messages, such as `startup`.
    /// - Throws: `CONFIG_INVALID` when it names several kinds, or is otherwise invalid.
    package init?(configuration: ConfigValue, path: String = "probe") throws(BackendError) {
        let named = Self.keys.filter { configuration[$0].map { !$0.isNull } ?? false }
        guard let key = named.first, let value = configuration[key] else { return nil }
        guard named.count == 1 else {
            let keys = named.joined(separator: " and ")
            throw Self.invalid(path, "has \(keys); keep one of \(Self.keys.joined(separator: ", "))")
        }
        guard
            let period = configuration["period"]?.durationValue?.duration,
            let timeout = configuration["timeout"]?.durationValue?.duration
        else { throw Self.invalid(path, "lacks period or timeout") }
        let failures = configuration["failures"]?.integerValue.flatMap { Int(exactly: $0) } ?? 1
        self.init(
            try Self.kind(key, value, path: "\(path).\(key)"), period: period, timeout: timeout, failures: failures,
            requiresOwnListener: configuration["listener"]?.stringValue != "any")
    }

    private static let keys = ["http", "tcp", "unix", "grpc", "exec", "log_line"]

    private static func kind(_ key: String, _ value: ConfigValue, path: String) throws(BackendError) -> Kind {
        let port = value["port"]?.integerValue.flatMap { UInt16(exactly: $0) }
        switch key {
        case "http":
            let status = try status(value["status"]?.stringValue ?? "200-299", path: "\(path).status")
            return .http(path: value["path"]?.stringValue ?? "/", port: port, status: status)
        case "tcp": return .tcp(port: port)
        case "unix":
            let socket = value["path"]?.stringValue
            guard socket?.hasPrefix("/") != false else {
                throw invalid(
                    "\(path).path", "must begin with a slash: the instance may have another working directory")
            }
            return .unix(path: socket)
        case "grpc": return .grpc(service: value["service"]?.stringValue ?? "", port: port)
        case "exec":
            let command = value["command"]?.listValue?.compactMap(\.stringValue) ?? []
            guard command.first?.isEmpty == false else { throw invalid("\(path).command", "names no program") }
            return .exec(command)
        default:
            guard let text = value["pattern"]?.stringValue, let pattern = ConfigPattern(searching: text) else {
                throw invalid(
                    "\(path).pattern",
                    "is not a valid pattern; put a backslash before each of ()|^$ that stands for itself")
            }
            return .logLine(pattern)
        }
    }

    private static func status(_ text: String, path: String) throws(BackendError) -> ClosedRange<Int> {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(bounds.count), let low = bounds[0], let high = bounds[bounds.count - 1], low <= high,
            (100...599).contains(low), (100...599).contains(high)
        else { throw invalid(path, "must be a status such as 204 or a range such as 200-299") }
        return low...high
    }

    private static func invalid(_ path: String, _ problem: String) -> BackendError {
        BackendError(
            .invalidArgument, .configInvalid, "the configuration is not valid: config.\(path) \(problem)",
            violations: [FieldViolation(path: "config.\(path)", description: problem)])
    }
}
