// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
import BackendsTestSupport
internal import ConfigDocument
internal import TestSupport
internal import Testing
internal import TextKeys

@Suite(.tags(.blocking)) struct ModelIDTests {
    @Test(arguments: [
        "m", "meta-llama/Llama-3:8b", "a/b/c", "...", "a..b", ".hidden", "a/..b/c", "caf\u{E9}", "cafe\u{301}", "模型",
        "a b", "\u{2010}", "a\u{200D}b", "a\u{FE0F}", String(repeating: "x", count: 255),
    ])
    func `a name of a model is an id`(id: String) {
        #expect(throws: Never.self) { try ModelID.check(id) }
    }

    @Test(arguments: [
        "", "..", ".", "../../x", "a/../b", "a/..", "./a", "a/./b", "a/.", "/a", "a/", "a//b", "/", "-a", "a\u{0}b",
        "a\nb", "\u{1B}[2J",
        "a\u{7F}", "a\u{80}", "a\u{9B}", "a\u{2028}b", "a\u{2029}b", "\u{202E}a", "\u{202A}", "\u{061C}", "\u{200E}",
        "\u{200F}a",
        "\u{2066}a", "a\u{2069}", "a\u{200B}", "\u{FEFF}a", "\u{2060}", "\u{180E}", "a\u{AD}b", "\u{E0041}",
        "a\u{E007F}", "\u{206A}", "a\u{206F}", "a\u{FFF9}", "a\u{1D173}", "a\u{3164}b", "\u{115F}", "\u{FFA0}",
        "a\u{34F}",
        " a", "a ", "\u{A0}", "a\u{3000}", "\u{2003}a", String(repeating: "x", count: 256),
        String(repeating: "é", count: 128),
    ])
    func `text that leads to other paths or controls a terminal is not a valid ID`(id: String) {
        let error = #expect(throws: BackendError.self) { try ModelID.check(id) }
        #expect(error?.reason == .modelIDInvalid)
        #expect(error?.kind == .invalidArgument)
    }

    @Test(arguments: [
        "../../x", "/a", "a/", "a//b", ".", "..", "a/../b", "-a", "a\u{0}b", "a\nb", "a\u{9B}b", "a\u{2028}b",
        "\u{202E}a",
        String(repeating: "x", count: 256),
    ])
    func `no type accepts an invalid ID in its configuration`(id: String) async throws {
        try await withSupervision { supervision, _ in
            let process: ConfigValue = ["command": ["sh", "${PORT}"], "models": ["*"]]
            let bad: ConfigValue = [.string(id)]
            let connection: ConfigValue = ["hostname": "127.0.0.1:8033"]
            let places: [(type: String, configuration: ConfigValue, path: ConfigPath)] = [
                ("LOCAL", ["models": bad], ["models", 0]),
                ("PROCESS", process.merged(with: ["models": ["m", .string(id)]]), ["models", 1]),
                ("PROCESS", process.merged(with: ["pinned": bad]), ["pinned", 0]),
                (
                    "PROCESS", process.merged(with: ["groups": ["g": ["members": bad]]]),
                    ["groups", "g", "members", 0]
                ),
                ("FAULTY", ["models": bad], ["models", 0]), ("FAULTY", ["pinned": bad], ["pinned", 0]),
                ("REMOTE", ["remote_models": .map([id: connection])], ["remote_models", .key(id)]),
                ("TGIS", ["remote_models": .map([id: connection])], ["remote_models", .key(id)]),
            ]
            for place in places {
                let type = try BackendTypes.standard(on: supervision).type(named: place.type)
                let error = #expect(throws: BackendError.self) {
                    try BackendConfiguration(type: type, base: place.configuration)
                }
                let path = ConfigPath(["config"]).appending(place.path).description
                // A key or a text may be too long for the schema before it is an invalid ID.
                #expect(
                    error?.violations.contains { $0.path == path } == true,
                    "\(place.type) \(path): \(String(describing: error))")
            }
        }
    }

    @Test(arguments: [
        "a/b", "a:b", "m*", "*", "?", "*-chat", "caf\u{E9}", "cafe\u{301}", String(repeating: "x", count: 255),
    ])
    func `patterns and plain ids are taken everywhere`(id: String) async throws {
        try await withSupervision { supervision, _ in
            let configurations: [(String, ConfigValue)] = [
                ("LOCAL", ["models": [.string(id)]]),
                ("PROCESS", ["command": ["sh", "${PORT}"], "models": [.string(id)]]),
                ("FAULTY", ["models": [.string(id)], "pinned": [.string(id)]]),
            ]
            for (name, configuration) in configurations {
                let type = try BackendTypes.standard(on: supervision).type(named: name)
                #expect(throws: Never.self) { try BackendConfiguration(type: type, base: configuration) }
            }
        }
    }
}
