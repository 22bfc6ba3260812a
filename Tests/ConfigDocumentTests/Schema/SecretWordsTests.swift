// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing
internal import TextKeys

/// The rule for undeclared secrets, as a table.
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
        "apikeys", "secretkeys", "accesskeys", "hftoken", "sessionkey", "signingkey", "encryptionkey", "masterkey",
        "sharedkey", "jwttoken", "sessioncookie", "proxyauthorization", "rootpw", "psk", "pw", "cred", "tls_key",
        "ssl_key", "deploy_key", "storage_key", "requirepass", "api_keys_2", "hftoken1",
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
        "padtoken", "eostoken", "maxtokens", "prompttokens", "turkeys", "hotkeys", "publickey", "cache_keys",
    ])
    func `a key that only sounds near is shown`(key: String) {
        #expect(open.masked(.map([key: "x"])) == .map([key: "x"]))
    }

    @Test(
        arguments: [
            ("Bearer abcdefgh1", "Bearer ***"), ("basic dXNlcjpwYXNz", "basic ***"), ("Token v1", "Token ***"),
            ("Bearer ***", "Bearer ***"), ("Basic settings1", "Basic settings1"),
            ("Basic auth-flow", "Basic auth-flow"),
            ("Basic model of it all", "Basic model of it all"), ("Bearer of news", "Bearer of news"),
            ("sk-llama-3-70b-instruct-awq", "sk-llama-3-70b-instruct-awq"),
            ("https://user:pw@host/x", "https://user:***@host/x"), ("redis://:pw@h:6379/0", "redis://:***@h:6379/0"),
            ("a=postgres://u:p@ss@h/d b", "a=postgres://u:***@h/d b"), ("--api-key=VALUE", "--api-key=***"),
            ("API_KEY=VALUE", "API_KEY=***"), ("Authorization: Bearer x", "Authorization: ***"),
            ("--db.password=a=b", "--db.password=***"), ("--token=", "--token="),
            ("https://host:8080/a@b", "https://host:8080/a@b"), ("ssh://git@host", "ssh://git@host"),
            ("--tokenizer=X", "--tokenizer=X"), ("--max-tokens=5", "--max-tokens=5"),
            ("--key-file=/etc/k.pem", "--key-file=/etc/k.pem"), ("say: password", "say: password"),
            ("Cookie: a=b; c=d", "Cookie: ***"), ("X-Api-Key:v", "X-Api-Key:***"), ("KEY=VALUE", "KEY=VALUE"),
            ("--header=X-Api-Key: v", "--header=X-Api-Key: ***"), ("--env=HF_TOKEN=v", "--env=HF_TOKEN=***"),
            (#"{"apiKey":"v","n":1}"#, #"{"apiKey":***,"n":1}"#), ("https://h/?token=v", "https://h/?token=***"),
            ("https://h/a?x=1&key=v&sig=w#f", "https://h/a?x=1&key=***&sig=***"), ("pwd: /dir", "pwd: ***"),
            ("--keyboard=de", "--keyboard=de"), ("--hftoken=v", "--hftoken=***"),
            ("api_key = v", "api_key = ***"), ("api_key =v", "api_key =***"), ("the api_key = v", "the api_key = v"),
            ("https://b/x?X-Amz-Signature=v&n=1", "https://b/x?X-Amz-Signature=***&n=1"),
            ("--eos-token=</s>", "--eos-token=</s>"),
            ("https://TOKEN@host/x", "https://***@host/x"), ("git+HTTPS://t@host", "git+HTTPS://***@host"),
            ("https://t:@host", "https://***:@host"), ("https://t:x-oauth-basic@h", "https://***:x-oauth-basic@h"),
            ("postgres://u@h/d", "postgres://u@h/d"), ("https://@host", "https://@host"),
            ("https://u:a/b@host/c", "https://u:***@host/c"), ("postgres://u:a/@b?#c@h/d", "postgres://u:***@h/d"),
            ("https://u:a#b?c@host", "https://u:***@host"), ("https://[::1]:80/a@b", "https://[::1]:80/a@b"),
            ("u:a@b/c@tcp(h:3306)/d", "u:***@tcp(h:3306)/d"), ("dsn=u:v@unix(/s)/d?x=1", "dsn=u:***@unix(/s)/d?x=1"),
            ("u:v@/d", "u:***@/d"), ("--proxy=u:v@h.example:3128", "--proxy=u:***@h.example:3128"),
            ("git@host:a/b", "git@host:a/b"), ("image:tag@sha256:12ab", "image:tag@sha256:12ab"),
            ("a:b@host", "a:b@host"), ("jdbc:mysql://u:v@h:1/d", "jdbc:mysql://u:***@h:1/d"),
            ("--user=u:v", "--user=u:***"), ("--proxy-user=u:v:w", "--proxy-user=u:***"),
            ("--user=u", "--user=u"), ("--user=1000:1000", "--user=1000:1000"), ("--user=u:", "--user=u:"),
            ("--user=:v", "--user=:***"), (#"{"apiKey":"a\"b","n":1}"#, #"{"apiKey":***,"n":1}"#),
            ("host=h password=v dbname=d", "host=h password=*** dbname=d"),
            (#"host=h password='a\' b' x=1"#, "host=h password=*** x=1"),
            ("Server=h;Password=v;Database=d", "Server=h;Password=***;Database=d"),
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
            ("key=v is not a secret", "key=v is not a secret"), ("x --api-key\tv", "x --api-key\t***"),
            ("x \\\n --api-key \\\n v -p", "x \\\n --api-key \\\n *** -p"),
            ("unknown option --token\nusage: x", "unknown option --token\nusage: x"),
            ("serve --ssh-key v --keyboard de", "serve --ssh-key *** --keyboard de"),
            ("echo \"Cookie:", "echo \"Cookie:"), ("Authorization:", "Authorization:"),
            ("\"Authorization: ", "\"Authorization: "),
            ("curl -u u:v x", "curl -u u:*** x"), ("curl --user 'u:v w' x", "curl --user 'u:***' x"),
            ("curl -u \"u:v", "curl -u \"u:***"), ("sudo -u u x:y", "sudo -u u x:y"),
            ("curl -u u: no", "curl -u u: no"),
            ("serve --token --aB1", "serve --token ***"), ("serve --token -----x", "serve --token ***"),
            ("serve --token --api-key v", "serve --token --api-key ***"),
            ("serve --token -u u:v", "serve --token -u u:***"),
            ("cannot clone https://TOKEN@h/x: gone", "cannot clone https://***@h/x: gone"),
        ])
    func `a message or the text of a shell shows its secrets masked`(text: String, shown: String) {
        #expect(SecretWords.shown(text) == shown)
        #expect(open.masked(["a": ["sh", "-c", .string(text)]]) == ["a": ["sh", "-c", .string(shown)]])
    }

    @Test func `the item of a command after the name of a secret is masked`() {
        let command: ConfigValue = [
            "serve", "--requirepass", "v", "--api-key", "VALUE", "--tokenizer", "X", "-password", "p", "--token",
            "--verbose",
            "https://u:p@h", "--token", "-u", "u:v", "--user", "u", "--user", "u:",
        ]
        #expect(
            open.masked(["command": command]) == [
                "command": [
                    "serve", "--requirepass", "***", "--api-key", "***", "--tokenizer", "X", "-password", "***",
                    "--token", "***",
                    "https://u:***@h", "--token", "***", "u:***", "--user", "u", "--user", "u:",
                ]
            ])
    }

    @Test func `a header as a pair is masked`() {
        let headers: ConfigValue = [["Authorization", "v"], ["Accept", "x"], ["token", "v", "w"]]
        let shown: ConfigValue = [["Authorization", "***"], ["Accept", "x"], ["token", "v", "w"]]
        #expect(open.masked(["headers": headers]) == ["headers": shown])
        #expect(open.secretPaths(in: ["headers": headers]).map(\.description) == ["headers[0][1]"])
        #expect(
            open.masked(["h": ["header": "Authorization", "value": "v"]])
                == ["h": ["header": "Authorization", "value": "***"]])
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
            ["a": "https://***@h"], ["a": ["-u", "u:***"]], ["a": "u:***@tcp(h)/d"], ["a": "--user=u:***"],
        ] as [ConfigValue])
    func `a mask that is sent back is found wherever it stands`(value: ConfigValue) {
        #expect(open.maskedSecretsSentBack(in: value).count == 1)
    }

    @Test(arguments: [["a": "https://u:p@h"], ["a": "***"], ["a": ["--api-key", "v"]]] as [ConfigValue])
    func `a secret that is not the mask is not refused`(value: ConfigValue) {
        #expect(open.maskedSecretsSentBack(in: value).isEmpty)
    }

    @Test func `a validation message quotes no secret`() {
        let schema = ConfigSchema(fields: [ConfigField("url", .integer(), "")])
        #expect(schema.violations(in: ["url": "https://u:pw@h"]).first?.message.contains("pw") == false)
    }

    @Test(arguments: [9_007_199_254_740_993, -9_007_199_254_740_993, .max, .min] as [Int64])
    func `a whole number that would be rounded is refused with its place`(number: Int64) {
        let violations = open.violations(in: ["a": [["b": .integer(number)]], "c": .integer(1 << 53)])
        #expect(violations.map(\.path) == [["a", 0, "b"]])
        #expect(violations.first?.message.contains("9007199254740992") == true)
    }
}
