// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct ContextCommandTests {
    private static let file = """
        grpc:
          method: /caikit.runtime.Nlp/TextGeneration
          metadata:
            - {key: x-route-info, text: "localhost:8033"}
            - {key: trace-bin, binary: AAEC}
          time_remaining: 1.5s
        """

    @Test func `a context comes from a file or standard input`() async throws {
        try await withBackendctl { backendctl in
            let path = try backendctl.daemon.directory.write(Self.file, to: "context.yaml")
            let table = try await backendctl("context", "--model-id", "granite", path)
            #expect(table.output == "BACKEND  OUTCOME  ERROR\nlocal    IGNORED  -\n")
            let json = try await backendctl("context", "-", "-o", "json", input: Self.file).json
            #expect(json["results"] == [["backend": "local", "outcome": "IGNORED", "status": .null]])
        }
    }

    @Test func `a context is made of options`() async throws {
        try await withBackendctl { backendctl in
            let grpc = try await backendctl(
                "context", "--grpc-method", "/x.Y/Z", "--metadata", "a=b=c", "--metadata", "t-bin=AAEC", "--peer",
                "unix:",
                "--time-remaining", "1s")
            #expect(grpc.status == 0)
            let http = try await backendctl(
                "context", "--http", "GET /v1?x=1", "--header", "a=b", "--client-address", "::1", "--strict",
                "--backend", "local")
            #expect(http.status == 0)
        }
    }

    @Test func `an invalid context is wrong usage`() async throws {
        try await withBackendctl { backendctl in
            let wrong = "INVALID_ARGUMENT CONTEXT_INVALID: "
            try await backendctl.expectError("context", status: 2, prefix: "INVALID_ARGUMENT CONTEXT_MISSING: ")
            try await backendctl.expectError("context", "--http", "GET", status: 2, prefix: wrong)
            try await backendctl.expectError(
                "context", "--http", "GET /", "--metadata", "a=b", status: 2, prefix: wrong)
            try await backendctl.expectError("context", "--header", "a=b", status: 2, prefix: wrong)
            try await backendctl.expectError(
                "context", "--grpc-method", "/x.Y/Z", "--metadata", "t-bin=?", status: 2, prefix: wrong)
            try await backendctl.expectError(
                "context", "--grpc-method", "/x.Y/Z", "--metadata", "a", status: 2,
                prefix: "INVALID_ARGUMENT PAIR_INVALID: ")
            try await backendctl.expectError(
                "context", "--http", "GET /", "--backend", "x", status: 3, prefix: "NOT_FOUND BACKEND_NOT_FOUND: ")
        }
    }
}
