// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct CreateCommandTests {
    @Test func `a backend is created from text, a file or standard input`() async throws {
        try await withBackendctl { backendctl in
            let file = try backendctl.daemon.directory.write("model: {revision: 2}", to: "b.yaml")
            let text = try await backendctl(
                "create", "a", "--type", "LOCAL", "--config", "{\"model\": {\"revision\": 1}}")
            #expect(text.output == "a is created, type LOCAL, priority 10\n")
            let fromFile = try await backendctl("create", "b", "--type", "LOCAL", "--config", "@\(file)", "-o", "json")
            #expect(try fromFile.json["backend"]?["config"] == ["model": ["revision": 2]])
            let fromInput = try await backendctl(
                "create", "c", "--type", "LOCAL", "--priority", "-3", "--config", "-", "-o", "json",
                input: "model: {revision: 3}")
            #expect(try fromInput.json["backend"]?["config"] == ["model": ["revision": 3]])
            #expect(try fromInput.json["backend"]?["priority"] == -3)
        }
    }

    @Test func `what cannot be created is refused`() async throws {
        try await withBackendctl { backendctl in
            try await backendctl.expectError(
                "create", "local", "--type", "LOCAL", status: 4, prefix: "ALREADY_EXISTS BACKEND_EXISTS: ")
            try await backendctl.expectError(
                "create", "x", "--type", "NOPE", status: 3, prefix: "NOT_FOUND TYPE_NOT_FOUND: ")
            try await backendctl.expectError(
                "create", "X!", "--type", "LOCAL", status: 2, prefix: "INVALID_ARGUMENT NAME_INVALID: ")
            try await backendctl.expectError("create", "x", status: 2, prefix: "INVALID_ARGUMENT USAGE: ")
            try await backendctl.expectError(
                "create", "x", "--type", "LOCAL", "--config", "[1]", status: 2,
                prefix: "INVALID_ARGUMENT CONFIG_INVALID: ")
            try await backendctl.expectError(
                "create", "x", "--type", "LOCAL", "--config", "@/nonexistent/y", status: 2,
                prefix: "INVALID_ARGUMENT INPUT_UNREADABLE: ")
        }
    }

    @Test func `a backend is deleted, a started one with force`() async throws {
        try await withBackendctl { backendctl in
            _ = try await backendctl("start", "local")
            try await backendctl.expectError(
                "delete", "local", status: 4, prefix: "FAILED_PRECONDITION BACKEND_STARTED: ")
            #expect(try await backendctl("delete", "local", "--force").output == "local is deleted\n")
            try await backendctl.expectError("delete", "local", status: 3, prefix: "NOT_FOUND BACKEND_NOT_FOUND: ")
            _ = try await backendctl("create", "a", "--type", "LOCAL")
            #expect(try await backendctl("delete", "a", "-o", "json").json == ["deleted": "a"])
        }
    }
}
