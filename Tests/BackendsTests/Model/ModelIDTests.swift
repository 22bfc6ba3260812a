// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import Backends
internal import Testing

@Suite struct ModelIDTests {
    @Test(arguments: [
        "m", "meta-llama/Llama-3:8b", "a/b/c", "...", "a..b", ".hidden", "a/..b/c", "caf\u{E9}", "cafe\u{301}", "模型",
        "a b",
        "\u{2010}", "\u{206A}", "\u{A0}", String(repeating: "x", count: 255),
    ])
    func `a name of a model is an id`(id: String) {
        #expect(throws: Never.self) { try ModelID.check(id) }
    }

    @Test(arguments: [
        "", "..", ".", "../../x", "a/../b", "a/..", "./a", "a/./b", "a/.", "/a", "a/", "a//b", "/", "-a", "a\u{0}b",
        "a\nb", "\u{1B}[2J",
        "a\u{7F}", "a\u{80}", "a\u{9B}", "a\u{2028}b", "a\u{2029}b", "\u{202E}a", "\u{202A}", "\u{061C}", "\u{200E}",
        "\u{200F}a",
        "\u{2066}a", "a\u{2069}", String(repeating: "x", count: 256), String(repeating: "é", count: 128),
    ])
    func `what leads elsewhere or drives a terminal is no id`(id: String) {
        let error = #expect(throws: BackendError.self) { try ModelID.check(id) }
        #expect(error?.reason == .modelIDInvalid)
        #expect(error?.kind == .invalidArgument)
    }
}
