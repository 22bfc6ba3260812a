// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TextKeys

/// What one process of an instance is started with: its program, and what the instance was given.
struct LaunchedInstance: Sendable {
    let program: ProgramSpec
    let stopCommand: [String]
    /// The target of probes.
    let target: ProbeTarget
    /// The endpoint for clients.
    let endpoint: ModelEndpoint
    private let values: TextMap<String>

    /// `address` is that of a run which was started by an earlier daemon, maybe with other settings: its program runs already, so that
    /// what only concerns the program may be missing.
    init(
        _ settings: ProcessSettings, backend: String, instance: String, model: String?, port: UInt16?, socket: String?,
        address known: String? = nil
    ) throws(BackendError) {
        var values: TextMap<String> = ["BACKEND": backend]
        values["MODEL_ID"] = model
        values["PORT"] = port.map { String($0) }
        values["SOCKET"] = socket
        self.values = values
        let own = Environment.all
        func expanded(_ template: CommandTemplate, _ key: String) throws(BackendError) -> String {
            do throws(Problem) {
                return try template.expanded(values, environment: own)
            } catch {
                throw BackendError(
                    .failedPrecondition, .macroUnknown, "cannot start instance \(instance): \(key) \(error)",
                    metadata: ["instance": instance])
            }
        }
        func all(_ templates: [CommandTemplate], _ key: String) throws(BackendError) -> [String] {
            try templates.map { template throws(BackendError) in try expanded(template, key) }
        }
        func needed<Value>(_ value: () throws(BackendError) -> Value, or other: Value) throws(BackendError) -> Value {
            do throws(BackendError) {
                return try value()
            } catch {
                if known == nil { throw error }
                return other
            }
        }
        var environment = settings.inheritsEnvironment ? own.filter { Self.isInherited($0.key) } : [:]
        if environment["PATH"] == nil { environment["PATH"] = own["PATH"] ?? "/usr/local/bin:/usr/bin:/bin" }
        for (name, template) in settings.environment {
            environment[name] = try needed(
                { () throws(BackendError) in try expanded(template, "env.\(name)") }, or: nil)
        }
        for (name, path) in settings.secretFiles {
            environment[name] = try needed(
                { () throws(BackendError) in try Self.secret(name, path, instance) }, or: nil)
        }
        let arguments = try needed({ () throws(BackendError) in try all(settings.command, "command") }, or: [])
        program = ProgramSpec(
            instance: instance, arguments: arguments, environment: environment, directory: settings.workingDirectory,
            limits: settings.limits)
        stopCommand = try needed({ () throws(BackendError) in try all(settings.stopCommand, "stop_command") }, or: [])
        let address: String
        if let known {
            address = known
        } else if let template = settings.address {
            address = try expanded(template, "address")
        } else {
            address = port.map { "127.0.0.1:\($0)" } ?? socket.map { "unix:\($0)" } ?? ""
        }
        endpoint = ModelEndpoint(address: address, instance: instance)
        target = ProbeTarget(
            place: ListeningPlace(address: address), port: port, socket: socket, environment: environment,
            directory: settings.workingDirectory, instance: instance)
    }

    /// The probe with the macros of its command expanded.
    func expanded(_ probe: Probe) -> Probe {
        guard case .exec(let command) = probe.kind else { return probe }
        var probe = probe
        probe.kind = .exec(
            command.map { text in
                (try? CommandTemplate(parsing: text).expanded(values, environment: Environment.all)) ?? text
            })
        return probe
    }

    /// False for variables that only concern the daemon and its service manager.
    private static func isInherited(_ name: String) -> Bool {
        !["BACKENDD_", "LISTEN_", "WATCHDOG_"].contains { name.utf8.starts(with: $0.utf8) }
            && !["NOTIFY_SOCKET", "INVOCATION_ID", "JOURNAL_STREAM"].contains { $0.isIdentical(to: name) }
    }

    private static func secret(_ name: String, _ path: String, _ instance: String) throws(BackendError) -> String {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.readToEnd(try File.openRegular(path), limit: 65_536, subject: path)
        } catch {
            throw unusable(name, path, instance, error.description)
        }
        // One line break at the end belongs to the file, not to the secret.
        var content = bytes[...]
        if content.last == UInt8(ascii: "\n") { content = content.dropLast() }
        if content.count < bytes.count, content.last == UInt8(ascii: "\r") { content = content.dropLast() }
        guard !content.contains(0) else { throw unusable(name, path, instance, "it contains a NUL byte") }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw unusable(name, path, instance, "it is not UTF-8")
        }
        return text
    }

    private static func unusable(_ name: String, _ path: String, _ instance: String, _ why: String) -> BackendError {
        BackendError(
            .failedPrecondition, .fileUnusable,
            "cannot start instance \(instance): the file of the secret \(name) cannot be used: \(why); check secret_files",
            metadata: ["instance": instance, "path": path])
    }
}
