// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
import SystemIO
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct ConfigCommandTests {
    @Test func `two owners merge and a third one is told of the conflict`() async throws {
        try await withBackendctl { backendctl in
            let merge = try await backendctl(
                "config", "merge", "local", "--owner", "team-a",
                "{\"model\": {\"revision\": 2}, \"batch\": {\"size\": 16}}")
            #expect(merge.output == "local has a new configuration, generation 2\n")
            let set = try await backendctl("config", "set", "local", "batch.timeout=250ms", "--owner", "team-b")
            #expect(set.status == 0)
            try await backendctl.expectError(
                "config", "set", "local", "model.revision=3", "--owner", "team-b", status: 4,
                prefix: "ABORTED CONFIG_CONFLICT: ")
            let mistyped = try await backendctl("config", "set", "local", "model.revision=3", "--owner", "taem-a")
            #expect(mistyped.error.hasSuffix("; did you mean 'team-a'?\n"))
            let other = try await backendctl("config", "set", "local", "model.revision=3", "--owner", "b")
            #expect(other.error.hasSuffix("; see who set what with 'backendctl config get local --origins'\n"))
            let origins = try await backendctl("config", "get", "local", "--origins").output
            #expect(
                origins == """
                    PATH            VALUE    LAYER
                    batch.size      16       owner:team-a
                    batch.timeout   "250ms"  owner:team-b
                    model.revision  2        owner:team-a

                    """)
        }
    }

    @Test func `one value is shown alone, text without quotes`() async throws {
        let configuration =
            "backends: [{name: a, type: LOCAL, config: {model: {name: granite, revision: 2}, \"x.y\": [1]}}]"
        try await withBackendctl(configuration: configuration) { backendctl in
            #expect(try await backendctl("config", "get", "a", "model.name").output == "granite\n")
            #expect(try await backendctl("config", "get", "a", "model.name", "-o", "json").output == "\"granite\"\n")
            #expect(try await backendctl("config", "get", "a", "model").output == "name: granite\nrevision: 2\n")
            #expect(try await backendctl("config", "get", "a", "\"x.y\"[0]").output == "1\n")
            #expect(try await backendctl("config", "get", "a", "-o", "json").json["model"]?["revision"] == 2)
            try await backendctl.expectError(
                "config", "get", "a", "model.nope", status: 3, prefix: "NOT_FOUND PATH_NOT_FOUND: ")
            try await backendctl.expectError(
                "config", "get", "a", "a..b", status: 2, prefix: "INVALID_ARGUMENT PATH_INVALID: ")
        }
    }

    @Test func `the default owner is the user, whose layer merges`() async throws {
        try await withBackendctl { backendctl in
            _ = try await backendctl("config", "set", "local", "a=1", "b.c=x")
            let change = try await backendctl("config", "set", "local", "a=null", "b.d=", "-o", "json").json
            #expect(change["changed"] == true)
            #expect(change["staged"] == false)
            let origins = try await backendctl("config", "get", "local", "b.d", "--origins", "-o", "json").json
            #expect(origins["value"] == "")
            let layer = origins["origins"]?.listValue?.first?["layer"]
            #expect(layer == .string("owner:user-\(ProcessInformation.uid)"))
            let again = try await backendctl("config", "set", "local", "b.c=x")
            #expect(again.output == "local already has this configuration, generation 3\n")
        }
    }

    @Test func `a patch comes from standard input when there is no other`() async throws {
        try await withBackendctl { backendctl in
            let run = try await backendctl("config", "merge", "local", "-o", "json", input: "a: {b: [1, 2]}\n")
            #expect(try run.json["backend"]?["config"] == ["a": ["b": [1, 2]]])
        }
    }

    @Test func `a started backend keeps the patch for its next start`() async throws {
        try await withBackendctl { backendctl in
            _ = try await backendctl("start", "local")
            try await backendctl.expectError(
                "config", "set", "local", "a=1", status: 4, prefix: "FAILED_PRECONDITION BACKEND_STARTED: ")
            let staged = try await backendctl("config", "merge", "local", "a: 1", "--next-start")
            #expect(staged.output == "local keeps the patch for its next start\n")
        }
    }

    @Test func `a generation that has moved is refused`() async throws {
        try await withBackendctl { backendctl in
            let first = try await backendctl("config", "set", "local", "a=1", "--expected-generation", "1")
            #expect(first.status == 0)
            try await backendctl.expectError(
                "config", "set", "local", "a=2", "--expected-generation", "1", status: 4,
                prefix: "ABORTED GENERATION_MOVED: ")
            let moved = try await backendctl("config", "set", "local", "a=2", "--expected-generation", "1")
            #expect(moved.error.hasSuffix("; read it again with 'backendctl get local'\n"))
        }
    }

    @Test func `wrong assignments and patches are wrong usage`() async throws {
        try await withBackendctl { backendctl in
            try await backendctl.expectError(
                "config", "set", "local", "a", status: 2, prefix: "INVALID_ARGUMENT ASSIGNMENT_INVALID: ")
            try await backendctl.expectError(
                "config", "merge", "local", "[1, 2]", status: 2, prefix: "INVALID_ARGUMENT CONFIG_INVALID: ")
            try await backendctl.expectError(
                "config", "merge", "local", status: 2,
                prefix: "INVALID_ARGUMENT CONFIG_INVALID: standard input is empty")
            try await backendctl.expectError(
                "create", "x", "--type", "LOCAL", "--config", "-", status: 2,
                prefix: "INVALID_ARGUMENT CONFIG_INVALID: standard input is empty")
            try await backendctl.expectError(
                "config", "merge", "local", "{", status: 2, prefix: "INVALID_ARGUMENT INPUT_INVALID: ")
            try await backendctl.expectError(
                "config", "set", "local", "a=9007199254740993", status: 2, prefix: "INVALID_ARGUMENT NUMBER_INEXACT: ")
            try await backendctl.expectError(
                "config", "set", "local", "a=1", "--owner", "", status: 2, prefix: "INVALID_ARGUMENT OWNER_EMPTY: ")
        }
    }
}
