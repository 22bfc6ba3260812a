// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO
internal import TestSupport
import Testing

/// A caikit runtime from `tools/caikit`, with a model that cannot be loaded until the test provides it.
struct CaikitRuntime: Sendable {
    static let model = "greeter"

    private static let folder = Peers.root + "/tools/caikit"
    private let python: String
    private let models: TemporaryDirectory
    private let held: TemporaryDirectory
    private let service: String?

    /// Installs the runtime unless it is installed.
    ///
    /// - Parameter service: The service to ask the health service for; without it the whole server.
    /// - Throws: If it cannot be installed or its files cannot be made.
    init(probed service: String? = nil) async throws {
        let place = try #require(try await Peers.run([Self.folder + "/install"]).first { $0.hasPrefix("python=") })
        python = String(place.dropFirst("python=".count))
        self.service = service
        models = try TemporaryDirectory()
        held = try TemporaryDirectory()
        try await Peers.run(["mkdir", models.file(Self.model)])
        try await Peers.run(["cp", "\(Self.folder)/models/greeter/config.yml", models.file(Self.model)])
        try await Peers.run(["mkfifo", salutation, late])
    }

    /// A daemon's configuration with one backend, `caikit`.
    var configuration: String {
        let probe = "{service: \"\(service ?? "")\"}"
        return """
            backends:
              - name: caikit
                type: PROCESS
                config:
                  command: [\(python), -m, caikit.runtime]
                  working_directory: \(Self.folder)
                  env: {CONFIG_FILES: runtime.yml, RUNTIME_GRPC_PORT: "${PORT}", RUNTIME_LOCAL_MODELS_DIR: \(models.path)}
                  models: [\(Self.model)]
                  backoff: 10ms
                  load_timeout: \(service == nil ? "2m" : "10s")
                  stop_timeout: 5s
                  probes:
                    startup: {grpc: \(probe), period: 100ms}
                    liveness: {grpc: \(probe), period: 200ms, timeout: 1s}
            """
    }

    /// The processes of this runtime, wherever they have gone.
    var processes: [Int32] {
        ProcessTable.all().map(\.pid).filter {
            (try? ProcessTable.variable($0, "RUNTIME_LOCAL_MODELS_DIR")) == models.path
        }
    }

    /// Lets one boot load its model; waits until it reads it.
    func giveModel(_ text: String) async throws {
        try await Peers.run(["sh", "-c", #"echo "$0" > "$1""#, text, salutation])
    }

    /// Waits until a boot reads its model, says `open`, and lets it wait until it may go on.
    func awaitLoading() throws -> RunningProgram {
        try RunningProgram(["sh", "-c", #"exec 3> "$0"; echo open; cat "$1" >&3"#, salutation, late])
    }

    func goOn(_ text: String) async throws {
        try await Peers.run(["sh", "-c", #"echo "$0" > "$1""#, text, late])
    }

    /// Asks the module, once.
    func greet(_ name: String, at address: String) async throws -> (pid: Int32, text: String) {
        let answer = try #require(
            try await Peers.run([python, "\(Self.folder)/greet.py", address, Self.model, name]).first)
        let parts = answer.split(separator: " ", maxSplits: 1)
        return (try #require(parts.first.flatMap { Int32($0) }), String(try #require(parts.last)))
    }

    /// Not in the directory of models, where every entry counts as a model.
    private var late: String { held.file("text") }
    private var salutation: String { models.file("\(Self.model)/salutation") }
}
