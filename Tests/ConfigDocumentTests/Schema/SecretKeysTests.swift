// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing
internal import TextKeys

/// Secrets in the keys of a configuration, which are shown too.
@Suite struct SecretKeysTests {
    private let open = ConfigSchema(fields: [], allowsOtherKeys: true)

    @Test(arguments: [
        ("https://u:v@h/", "https://u:***@h/"), ("X-Api-Key: v", "X-Api-Key: ***"), ("API_KEY=v", "API_KEY=***"),
        ("https://h/", "https://h/"),
    ])
    func `the secrets in a key are masked`(key: String, shown: String) {
        #expect(open.masked(["a": .map([key: ["n": 1]])]) == ["a": .map([shown: ["n": 1]])])
        #expect(open.masked(["a": .map([shown: ["n": 1]])]) == ["a": .map([shown: ["n": 1]])])
        #expect(open.maskedSecretsSentBack(in: ["a": .map([key: ["n": 1]])]).isEmpty)
        #expect(open.maskedSecretsSentBack(in: ["a": .map([shown: ["n": 1]])]).count == (key == shown ? 0 : 1))
        #expect(open.secretPaths(in: ["a": .map([key: ["n": 1]])]).count == (key == shown ? 0 : 1))
    }

    @Test func `the item after a scheme is masked, unless it is an option`() {
        #expect(
            open.masked(["a": ["x", "--token", "Bearer", "v", "w"]]) == ["a": ["x", "--token", "***", "***", "w"]])
        #expect(open.masked(["a": ["x", "--token", "Bearer", "--w"]]) == ["a": ["x", "--token", "***", "--w"]])
    }

    @Test func `keys that are equal when they are masked are all kept`() {
        #expect(
            open.masked(["token=a": 1, "token=b": 2, "token=***": 3])
                == ["token=***": 3, "token=*** (2)": 1, "token=*** (3)": 2])
    }
}
