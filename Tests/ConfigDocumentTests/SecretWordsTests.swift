// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing
internal import TextKeys

/// The rule for secrets that nobody declared, as a table.
@Suite struct SecretWordsTests {
    private let open = ConfigSchema(fields: [], allowsOtherKeys: true)

    @Test(arguments: [
        "password", "passwd", "pwd", "PGPASSWORD", "db_password", "dbpassword", "passphrase", "apiKey", "api_key",
        "api-key", "APIKEY",
        "OPENAI_API_KEY", "access_key", "accessKey", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "secretKey",
        "private_key", "secret",
        "clientSecret", "secrets", "credentials", "credential", "Authorization", "Proxy-Authorization", "HF_TOKEN",
        "token",
        "accessToken", "auth-token", "sshKey", "ssh_key", "SSHKey", "HFToken", "APIKey", "DBPassword", "cookie",
        "Set-Cookie",
        "cookies", "passwords", "API_KEY_2", "password1", "secret_value", "private_key_pem", "token_base64", "jwt",
        "PWD",
        "master_key", "hf_authtoken", "proxyAuthorization", "pass_phrase", "pass-word", "privkey", "priv_key", "dbpass",
        "userpass", "subscription_key", "storage_account_key", "AccountKey", "consumer_key", "license_key",
        "secret_key_base", "auth_tokens", "auth", "basic_auth", "Ocp-Apim-Subscription-Key",
    ])
    func `a key that names a secret is masked`(key: String) {
        #expect(open.masked(.map([key: "x"])) == .map([key: "***"]))
    }

    @Test(arguments: [
        "tokenizer", "max_tokens", "tokens", "token_count", "monkey", "key", "key_file", "password_file",
        "api_key_file", "secretary",
        "keyboard", "passthrough", "compass", "bypass", "authority", "authorized_keys", "public_key", "primary_key",
        "pad_token_id", "eos_token", "bosToken", "pad_token", "stop_token", "token_count", "prompt_tokens",
        "tokenizer_path",
        "max_new_tokens", "monkey_key", "turkey", "KeyboardInterrupt", "cookiecutter", "passes", "hash", "value", "2",
    ])
    func `a key that only sounds near is shown`(key: String) {
        #expect(open.masked(.map([key: "x"])) == .map([key: "x"]))
    }

    @Test(
        arguments: [
            ("https://user:pw@host/x", "https://user:***@host/x"), ("redis://:pw@h:6379/0", "redis://:***@h:6379/0"),
            ("a=postgres://u:p@ss@h/d b", "a=postgres://u:***@h/d b"), ("--api-key=VALUE", "--api-key=***"),
            ("API_KEY=VALUE", "API_KEY=***"), ("Authorization: Bearer x", "Authorization: ***"),
            ("--db.password=a=b", "--db.password=***"), ("--token=", "--token="),
            ("https://host:8080/a@b", "https://host:8080/a@b"), ("https://user@host", "https://user@host"),
            ("https://ghp_0123456789abcdef@h/x", "https://***@h/x"),
            ("https://a.long.user.name@h", "https://a.long.user.name@h"),
            ("postgres://u:p/w@h/d", "postgres://u:***@h/d"), ("redis://:p#w@h", "redis://:***@h"),
            ("postgres://u:p/w@x@h/d", "postgres://u:***@h/d"), ("http://[::1]:80/a@b", "http://[::1]:80/a@b"),
            ("--tokenizer=X", "--tokenizer=X"), ("--max-tokens=5", "--max-tokens=5"),
            ("--key-file=/etc/k.pem", "--key-file=/etc/k.pem"), ("say: password", "say: password"),
            ("Cookie: a=b; c=d", "Cookie: ***"), ("X-Api-Key:v", "X-Api-Key:***"), ("KEY=VALUE", "KEY=VALUE"),
            ("--header=X-Api-Key: v", "--header=X-Api-Key: ***"), ("--env=HF_TOKEN=v", "--env=HF_TOKEN=***"),
            (#"{"apiKey":"v","n":1}"#, #"{"apiKey":***,"n":1}"#), ("https://h/?token=v", "https://h/?token=***"),
            ("https://h/a?x=1&key=v&sig=w#f", "https://h/a?x=1&key=***&sig=***"), ("pwd: /dir", "pwd: ***"),
            ("--keyboard=de", "--keyboard=de"), ("--eos-token=</s>", "--eos-token=</s>"),
        ])
    func `a text shows its secrets masked and all else as it is`(text: String, shown: String) {
        #expect(open.masked(["a": .string(text)]) == ["a": .string(shown)])
    }

    @Test(
        arguments: [
            ("cd /x && API_KEY=v serve", "cd /x && API_KEY=*** serve"),
            ("serve --api-key v -p 1", "serve --api-key *** -p 1"),
            ("serve --api-key=v; echo", "serve --api-key=***; echo"), ("a PGPASSWORD='x y' b", "a PGPASSWORD=*** b"),
            ("curl -H \"Authorization: Bearer v\" x", "curl -H \"Authorization: Bearer ***\" x"),
            ("GET https://h/?api_key=v&n=1", "GET https://h/?api_key=***&n=1"),
            ("cannot reach https://u:p@h: refused", "cannot reach https://u:***@h: refused"),
            ("serve --token --verbose", "serve --token --verbose"), ("serve --max-tokens 5", "serve --max-tokens 5"),
            ("the secret: cannot be read", "the secret: cannot be read"), ("curl -k v", "curl -k v"),
            ("curl -H 'authorization: bearer v' x", "curl -H 'authorization: bearer ***' x"),
            ("curl -H 'Authorization: Token v w' x", "curl -H 'Authorization: Token ***' x"),
            ("curl -H \"Authorization: Custom v\" x", "curl -H \"Authorization: ***\" x"),
            ("curl -H \"X-Api-Key: v w\" x", "curl -H \"X-Api-Key: ***\" x"),
            ("curl -H \"Cookie: a=b; c\" x", "curl -H \"Cookie: ***\" x"),
            ("x Authorization: Basic v", "x Authorization: Basic ***"),
            ("sent '{\"password\": \"a b\"}' there", "sent '{\"password\": ***}' there"),
            ("the file \"token\": it is gone", "the file \"token\": it is gone"),
            ("curl 'https://h/?key=v&n=1'", "curl 'https://h/?key=***&n=1'"),
            ("key=v is no secret", "key=v is no secret"), ("x --api-key\tv", "x --api-key\t***"),
            ("x \\\n --api-key \\\n v -p", "x \\\n --api-key \\\n *** -p"),
            ("unknown option --token\nusage: x", "unknown option --token\nusage: x"),
            ("serve --ssh-key v --keyboard de", "serve --ssh-key *** --keyboard de"),
            ("echo \"Cookie:", "echo \"Cookie:"), ("Authorization:", "Authorization:"),
            ("\"Authorization: ", "\"Authorization: "),
        ])
    func `a message or the text of a shell shows its secrets masked`(text: String, shown: String) {
        #expect(SecretWords.shown(text) == shown)
        #expect(open.masked(["a": ["sh", "-c", .string(text)]]) == ["a": ["sh", "-c", .string(shown)]])
    }

    @Test func `the item of a command after the name of a secret is masked`() {
        let command: ConfigValue = [
            "serve", "--api-key", "VALUE", "--tokenizer", "X", "-password", "p", "--token", "--verbose",
            "https://u:p@h",
        ]
        #expect(
            open.masked(["command": command]) == [
                "command": [
                    "serve", "--api-key", "***", "--tokenizer", "X", "-password", "***", "--token", "--verbose",
                    "https://u:***@h",
                ]
            ])
    }

    @Test func `a variable with its name beside its value is masked`() {
        for (name, value) in [("name", "value"), ("Name", "Value"), ("key", "value")] {
            func variables(_ secret: ConfigValue) -> ConfigValue {
                ["env": [.map([name: "HF_TOKEN", value: secret]), .map([name: "HOME", value: "/h"])]]
            }
            #expect(open.masked(variables("v")) == variables("***"))
        }
    }

    @Test func `what is wrong with a configuration shows no secret, in its path neither`() {
        let violation = ConfigViolation(path: ["env", "API_KEY=v"], message: "is not --api-key=v")
        #expect(violation.description == "env.\"API_KEY=***\": is not --api-key=***")
    }

    @Test(
        arguments: [
            ["a": "https://u:***@h"], ["a": "--api-key=***"], ["a": ["--api-key", "***"]], ["apiKey": "***"],
        ] as [ConfigValue])
    func `a mask that is sent back is found wherever it stands`(value: ConfigValue) {
        #expect(open.maskedSecretsSentBack(in: value).count == 1)
    }

    @Test(arguments: [["a": "https://u:p@h"], ["a": "***"], ["a": ["--api-key", "v"]]] as [ConfigValue])
    func `what is no mask at a secret is not refused`(value: ConfigValue) {
        #expect(open.maskedSecretsSentBack(in: value).isEmpty)
    }

    @Test func `a validation message quotes no secret`() {
        let schema = ConfigSchema(fields: [ConfigField("url", .integer(), "")])
        #expect(schema.violations(in: ["url": "https://u:pw@h"]).first?.message.contains("pw") == false)
    }

    @Test(arguments: [9_007_199_254_740_993, -9_007_199_254_740_993, .max, .min] as [Int64])
    func `a whole number that would be rounded is refused where it stands`(number: Int64) {
        let violations = open.violations(in: ["a": [["b": .integer(number)]], "c": .integer(1 << 53)])
        #expect(violations.map(\.path) == [["a", 0, "b"]])
        #expect(violations.first?.message.contains("9007199254740992") == true)
    }
}
