// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
internal import TestSupport
import Testing

/// The commands about models, on the daemon as it is installed, with processes that are real.
@Suite(.timeLimit(.minutes(10))) struct ModelCommandTests {
    private static let configuration = """
        backends:
          - name: big
            type: PROCESS
            config: {command: ["no-such-model-server", "${PORT}"], models: ["huge"]}
          - name: small
            type: PROCESS
            config:
              command: [sh, -c, 'echo "serving $0"; echo trouble >&2; exec sleep 1000', "${MODEL_ID}", "${SOCKET}"]
              scope: model
              models: ["tiny*"]
              backoff: 1ms
              probes: {startup: {log_line: {pattern: serving}}}
        """

    @Test func `a model is explained, resolved, listed, logged and unloaded`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            let explained = try await backendctl("explain", "tiny-1")
            #expect(explained.status == 0)
            #expect(explained.output.contains("big      PROCESS  STOPPED  NOT_LOADED  SKIP"))
            #expect(explained.output.hasSuffix("the answer would come from small\n"))
            let resolved = try await backendctl("resolve", "tiny-1")
            #expect(resolved.status == 0)
            #expect(resolved.output.hasPrefix("unix:/"))
            let json = try await backendctl("resolve", "tiny-1", "--no-start", "-o", "json").json
            #expect(json["endpoint"]?["instance"] == "small/tiny-1")
            #expect(json["skipped"]?.listValue?.first?["reason"] == "BACKEND_NOT_STARTED")
            let models = try await backendctl("models")
            #expect(models.output.contains("tiny-1  small    READY"))
            let shown = try await backendctl("get", "small")
            #expect(shown.output.contains("small/tiny-1 READY, pid "))
            let logs = try await backendctl("logs", "small", "tiny-1")
            #expect(logs.output.contains("small/tiny-1  out  serving tiny-1\n"))
            #expect(logs.output.contains("small/tiny-1  err  trouble\n"))
            let errors = try await backendctl("logs", "small", "--stderr", "-n", "1", "-o", "json").json
            #expect(errors["text"] == "trouble")
            #expect(try await backendctl("unload", "tiny-1").output == "tiny-1 is unloaded\n")
            #expect(try await backendctl("unload", "tiny-1").output == "tiny-1 was not loaded\n")
            let loaded = try await backendctl("load", "tiny-1", "--backend", "small")
            #expect(loaded.output.hasPrefix("tiny-1 is loaded in small at unix:/"))
            #expect(try await backendctl("load", "tiny-1").output.hasPrefix("tiny-1 was loaded already"))
        }
    }

    @Test func `what fails says why and what to do`() async throws {
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            let start = try await backendctl("start", "big")
            #expect(start.status != 0)
            #expect(start.error.contains("PROGRAM_NOT_FOUND"))
            #expect(start.error.contains("no-such-model-server"))
            let unknown = try await backendctl("resolve", "other")
            #expect(unknown.status == 3)
            #expect(unknown.error.contains("MODEL_NOT_FOUND"))
            #expect(unknown.error.contains("backendctl explain"))
            #expect(try await backendctl("logs", "small").error.contains("LOGS_NOT_FOUND"))
        }
    }

    @Test func `the daemon takes its processes along when it ends`() async throws {
        let pids = Recorder<Int32>()
        try await withBackendctl(configuration: Self.configuration) { backendctl in
            _ = try await backendctl("load", "tiny-1")
            let json = try await backendctl("get", "small", "-o", "json").json
            let pid = Int32(json["instances"]?.listValue?.first?["pid"]?.integerValue ?? 0)
            #expect(ProcessTable.entry(of: pid) != nil)
            pids.append(pid)
        }
        #expect(pids.elements.map { ProcessTable.entry(of: $0)?.isZombie ?? true } == [true])
    }
}
