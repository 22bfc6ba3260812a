// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
internal import Testing
internal import TextKeys

/// What is masked in texts of shells, of configuration files and of keys, as tables.
@Suite struct SecretWordsTextsTests {
    private let open = ConfigSchema(fields: [], allowsOtherKeys: true)

    private static let schemes = [
        ("kubectl --token Bearer v1 x", "kubectl --token *** x"),
        ("kubectl --authorization Bearer v", "kubectl --authorization ***"),
        ("serve '--token=Bearer v' x", "serve '--token=***' x"),
        (#"serve "--token=Bearer v" x"#, #"serve "--token=***" x"#),
        ("serve --token=Bearer v x", "serve --token=*** x"),
        ("serve --token 'Bearer' v x", "serve --token *** x"),
        (#"serve --token Bearer "v w" x"#, "serve --token *** x"),
        ("serve --type token --verbose", "serve --type token --verbose"),
        ("serve --token Bearer --verbose", "serve --token *** --verbose"),
    ]

    private static let words = [
        (#"x API_KEY="a"v x"#, "x API_KEY=*** x"),
        ("x --password='a'v", "x --password=***"),
        ("x --password=a'b v'w y", "x --password=*** y"),
        (#"x --password "a"v y"#, "x --password *** y"),
        (#"x --password="a"'b v' y"#, "x --password=*** y"),
        (#"x --password='a'\''v w' y"#, "x --password=*** y"),
        (#"x PGPASSWORD='a'"'"'v w' y"#, "x PGPASSWORD=*** y"),
        ("x --password=$'a v' y", "x --password=*** y"),
        (#"x --api-key v\ w x"#, "x --api-key *** x"),
        (#"curl -H Authorization:\ Bearer\ v x"#, "curl -H Authorization:*** x"),
        (#"curl -H X-Api-Key:\ v x"#, "curl -H X-Api-Key:*** x"),
        ("curl -H X-Api-Key:v x", "curl -H X-Api-Key:*** x"),
        ("curl -H X-Api-Key: v x", "curl -H X-Api-Key: *** x"),
        ("curl -H Cookie: a=b; c=v", "curl -H Cookie: ***"),
        ("curl -H Authorization: Custom v w", "curl -H Authorization: ***"),
        ("http POST h X-Api-Key:v x", "http POST h X-Api-Key:*** x"),
        ("curl -HX-Api-Key:v x", "curl -HX-Api-Key:*** x"),
        ("curl -H'X-Api-Key: v w' x", "curl -H'X-Api-Key: ***' x"),
        (#"curl -H"X-Api-Key: v w" x"#, #"curl -H"X-Api-Key: ***" x"#),
        (#"x --header="X-Api-Key: v w" x"#, #"x --header="X-Api-Key: ***" x"#),
        (#"x "--password=a"v y"#, #"x "--password=***" y"#),
        (#"x --password=a\"v y"#, "x --password=*** y"),
        (#"x --password='v w\' y"#, "x --password=*** y"),
        ("x --password=a(v y", "x --password=*** y"),
        ("x API_KEY=$(cat v w) y", "x API_KEY=*** y"),
        ("x API_KEY=`cat v w` y", "x API_KEY=*** y"),
        ("(API_KEY=v)", "(API_KEY=***)"),
        (#"x "--password=v w" y"#, #"x "--password=***" y"#),
        (#"helm --set "db.token=v w" x"#, #"helm --set "db.token=***" x"#),
        (#"sh -c "API_KEY=v serve" x"#, #"sh -c "API_KEY=*** serve" x"#),
        (#"sh -c "API_KEY=\"v w\" serve" x"#, #"sh -c "API_KEY=*** serve" x"#),
        (#"run "API_KEY=" x"#, #"run "API_KEY=" x"#),
        (#"curl -H \"X-Api-Key: v w\" x"#, #"curl -H \"X-Api-Key: ***\" x"#),
        (#"Digest Authorization: Digest username="a", response="v""#, "Digest Authorization: Digest ***"),
    ]

    private static let users = [
        ("curl -uuser:v x", "curl -uuser:*** x"),
        ("curl -Uuser:v x", "curl -Uuser:*** x"),
        ("curl -su user:v x", "curl -su user:*** x"),
        ("curl -sSfLu user:v x", "curl -sSfLu user:*** x"),
        (#"curl -u"user:v w" x"#, #"curl -u"user:***" x"#),
        (#"curl -u user:"v w" x"#, "curl -u user:*** x"),
        (#"curl -u "user":v x"#, #"curl -u "user":*** x"#),
        ("curl -u 'user:v'w x", "curl -u 'user:***' x"),
        ("curl -uuser@h:v x", "curl -uuser@h:*** x"),
        ("-uuser:v", "-uuser:***"),
        ("curl -u1000:1000 x", "curl -u1000:1000 x"),
        ("python -unbuffered x", "python -unbuffered x"),
        ("sort -us: x", "sort -us: x"),
        ("-upstream=http://h:80", "-upstream=http://h:80"),
        ("-unknown: it is gone", "-unknown: it is gone"),
    ]

    private static let members = [
        (#"curl -d "{\"api_key\":\"v\"}" x"#, #"curl -d "{\"api_key\":***}" x"#),
        (#"curl -d "{\"api_key\": \"v w\", \"x\": 1}" x"#, #"curl -d "{\"api_key\": ***, \"x\": 1}" x"#),
        (#"sh -c "curl -d \"{\\\"api_key\\\":\\\"v\\\"}\" x""#, #"sh -c "curl -d \"{\\\"api_key\\\":***}\" x""#),
        (#"curl -d "{\"api_key\":\"v\\\"w\"}" x"#, #"curl -d "{\"api_key\":***}" x"#),
        (#"sent {\"api_key\":\"v w\"}"#, #"sent {\"api_key\":***}"#),
        (#"curl -d '{"api_key":"'"v"'"}' x"#, #"curl -d '{"api_key":***}' x"#),
        (#"curl -d '{"api_key":"v'"'"'w"}' x"#, #"curl -d '{"api_key":***}' x"#),
        (#"curl -d '{"api_key":"v'\''w"}' x"#, #"curl -d '{"api_key":***}' x"#),
        ("{\"n\": 1,\n  \"api_key\":\n    \"v\"\n}", "{\"n\": 1,\n  \"api_key\":\n    ***\n}"),
        (#"{"credentials":{"x":"v"},"n":1}"#, #"{"credentials":***,"n":1}"#),
        (#"{"credentials":{"a":{"b":"}"},"x":"v"}}"#, #"{"credentials":***}"#),
        (#"{"api_key":["v","w"],"n":1}"#, #"{"api_key":***,"n":1}"#),
        (#"{"password": 1234, "n": 1}"#, #"{"password": ***, "n": 1}"#),
        (#"{"password": -1.5e3}"#, #"{"password": ***}"#),
        (#"{"password": true}"#, #"{"password": ***}"#),
        (#"{"password": null}"#, #"{"password": null}"#),
        (#"got {"credentials": {"x": "v""#, #"got {"credentials": ***"#),
        ("{'password': b'v'}", "{'password': ***}"),
        (#"{"password"=>"v"}"#, #"{"password"=>***}"#),
        (#"{"my api key": "v"}"#, #"{"my api key": ***}"#),
        (#"{"db/password": "v"}"#, #"{"db/password": ***}"#),
        ("{password: v}", "{password: ***}"),
        ("{user: x, password: v w}", "{user: x, password: ***}"),
        (#"{"Authorization": Bearer v}"#, #"{"Authorization": ***}"#),
        (#""api_key": v"#, #""api_key": ***"#),
        (#"the file "token": it is gone"#, #"the file "token": it is gone"#),
        (#"["serve", "--api-key", "v", "x"]"#, #"["serve", "--api-key", ***, "x"]"#),
        (#"["serve", "--api-key", "--v"]"#, #"["serve", "--api-key", ***]"#),
        (#"["curl", "-u", "user:v"]"#, #"["curl", "-u", "user:***"]"#),
        ("[serve, --api-key, v]", "[serve, --api-key, ***]"),
        (#"["Authorization", "v"]"#, #"["Authorization", ***]"#),
        (#"["token", "v", "w"]"#, #"["token", "v", "w"]"#),
        (#"serve "--api-key" v x"#, #"serve "--api-key" *** x"#),
        (
            #"[{"name":"HF_TOKEN","value":"v"},{"name":"HOME","value":"/"}]"#,
            #"[{"name":"HF_TOKEN","value":***},{"name":"HOME","value":"/"}]"#
        ),
        ("<password>v w</password>", "<password>***</password>"),
        (#"{"https://u:v@reg/": {"n": 1}}"#, #"{"https://u:***@reg/": {"n": 1}}"#),
        (#"{"X-Api-Key: v": 1}"#, #"{"X-Api-Key: ***": 1}"#),
    ]

    private static let assignments = [
        ("[default]\napi_key = v\nx = 1", "[default]\napi_key = ***\nx = 1"),
        ("x: 1\napi_key = v", "x: 1\napi_key = ***"),
        ("x\napi_key: v", "x\napi_key: ***"),
        ("x: 1\r\napi_key: v\r\ny: 2", "x: 1\r\napi_key: ***\r\ny: 2"),
        ("user=x, password = v", "user=x, password = ***"),
        ("user=x, password = v, n = 1", "user=x, password = ***, n = 1"),
        ("user: x, password: v", "user: x, password: ***"),
        ("host=h;Password=v;x=1", "host=h;Password=***;x=1"),
        ("host=h;Password=v w&z;x=1", "host=h;Password=***;x=1"),
        ("host=h; Password=v w; x=1", "host=h; Password=***; x=1"),
        ("Server=h;Pwd={v;w};D=d", "Server=h;Pwd=***;D=d"),
        ("host = h password = v dbname = d", "host = h password = *** dbname = d"),
        (#"x --dsn "Password=v w;Server=h" y"#, #"x --dsn "Password=***" y"#),
        ("x: 1\npassword: |\n  v\n\n  w\ny: 2", "x: 1\npassword: ***\ny: 2"),
        ("x: 1\ncredentials:\n  user: v\ny: 2", "x: 1\ncredentials:\n  ***\ny: 2"),
        ("x: 1\napi_keys:\n- v\n- w\ny: 2", "x: 1\napi_keys:\n***\ny: 2"),
        ("x: 1\napi_keys: [v,\n  w]\ny: 2", "x: 1\napi_keys: ***\ny: 2"),
        ("x = 1\npassword = \"\"\"\nv\n\"\"\"\ny = 2", "x = 1\npassword = ***\ny = 2"),
        ("x\n  - api_key: v\n  - y: 1", "x\n  - api_key: ***\n  - y: 1"),
        ("x\n# api_key = v", "x\n# api_key = ***"),
        ("x\n; api_key = v", "x\n; api_key = ***"),
        ("x\napi_key : v", "x\napi_key : ***"),
        ("x\napi_key= v", "x\napi_key= ***"),
        ("x\napi_key: \"v w\"\ny: 1", "x\napi_key: ***\ny: 1"),
        ("x\nexport API_KEY=v\ny", "x\nexport API_KEY=***\ny"),
        ("x\nPASSWORD=v&w\ny", "x\nPASSWORD=***\ny"),
        ("x\npassword = a\\\nv\ny", "x\npassword = ***\ny"),
        (#"db = { user = "x", password = "v" }"#, #"db = { user = "x", password = ***}"#),
        ("printf 'x\napi_key = v w\n' | y", "printf 'x\napi_key = ***\n' | y"),
        (#""a\napi_key = v\nb" x"#, #""a\napi_key = ***" x"#),
        (#"a\nb\napi_key = v"#, #"a\nb\napi_key = ***"#),
        (#"const apiKey = "v";"#, "const apiKey = ***;"),
        ("x\nAPI_KEY ?= v", "x\nAPI_KEY ?= ***"),
        ("serve --token = v", "serve --token = ***"),
        (#"the bad token: "v" x"#, "the bad token: *** x"),
        ("line 3: api_key = v", "line 3: api_key = ***"),
        ("args:\n- --api-key\n- v\n- x", "args:\n- --api-key\n- ***\n- x"),
        (
            "- name: HF_TOKEN\n  value: v\n- name: HOME\n  value: /",
            "- name: HF_TOKEN\n  value: ***\n- name: HOME\n  value: /"
        ),
        ("[credentials]\nuser = v\n[other]\nx = 1", "[credentials]\n***\n[other]\nx = 1"),
        ("x\nAuthorization: Custom v w\ny", "x\nAuthorization: ***\ny"),
        ("x\nCookie: a=b; c=v\ny", "x\nCookie: ***\ny"),
        ("the api_key = v", "the api_key = v"),
        ("aws:secret:x", "aws:secret:x"),
        ("[ $x = y ]", "[ $x = y ]"),
    ]

    private static let privateKeys = [
        (
            "-----BEGIN RSA PRIVATE KEY-----\nv\nw==\n-----END RSA PRIVATE KEY-----\nx",
            "-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----\nx"
        ),
        ("x -----BEGIN OPENSSH PRIVATE KEY-----\nv\nw", "x -----BEGIN OPENSSH PRIVATE KEY-----***"),
        (
            #""-----BEGIN EC PRIVATE KEY-----\nv\n-----END EC PRIVATE KEY-----\n""#,
            #""-----BEGIN EC PRIVATE KEY-----***-----END EC PRIVATE KEY-----\n""#
        ),
        (
            "key: |\n  -----BEGIN PRIVATE KEY-----\n  v\n  -----END PRIVATE KEY-----\nn: 1",
            "key: |\n  -----BEGIN PRIVATE KEY-----***-----END PRIVATE KEY-----\nn: 1"
        ),
        (
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nv\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----***---- END SSH2 ENCRYPTED PRIVATE KEY ----"
        ),
        (
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nv\n-----END PGP PRIVATE KEY BLOCK-----",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----***-----END PGP PRIVATE KEY BLOCK-----"
        ),
        (
            "-----BEGIN OpenVPN Static key V1-----\nv\n-----END OpenVPN Static key V1-----",
            "-----BEGIN OpenVPN Static key V1-----***-----END OpenVPN Static key V1-----"
        ),
        (
            "-----BEGIN CERTIFICATE-----\nv\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\nv\n-----END CERTIFICATE-----"
        ),
        (
            "-----BEGIN PUBLIC KEY-----\nv\n-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\nv\n-----END PUBLIC KEY-----"
        ),
        (
            "-----BEGIN CERTIFICATE-----\nv\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nw",
            "-----BEGIN CERTIFICATE-----\nv\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----***"
        ),
    ]

    @Test(arguments: Self.schemes)
    func `the word of a scheme and the value after it are masked`(text: String, shown: String) {
        expect(text, shown)
    }

    @Test(arguments: Self.words)
    func `all parts of a word of a shell are masked`(text: String, shown: String) {
        expect(text, shown)
    }

    @Test(arguments: Self.users)
    func `the password after a user is masked, also without a blank before the user`(text: String, shown: String) {
        expect(text, shown)
    }

    @Test(arguments: Self.members)
    func `the whole value of a member of a document in a text is masked`(text: String, shown: String) {
        expect(text, shown)
    }

    @Test(arguments: Self.assignments)
    func `each assignment of each line is masked`(text: String, shown: String) {
        expect(text, shown)
    }

    @Test(arguments: Self.privateKeys)
    func `a private key is masked, and a certificate is shown`(text: String, shown: String) {
        expect(text, shown)
    }

    @Test func `a sentence of a message is shown, and masked as the value of a member`() {
        let text = "config.token: must be a string"
        #expect(SecretWords.shown(text) == text)
        #expect(open.masked(["a": .string("x: 1\n" + text)]) == ["a": "x: 1\nconfig.token: ***"])
    }

    @Test func `a key in a text is not the name of a secret because of what is masked in it`() {
        #expect(open.masked(["X-Api-Key: ***": 1]) == ["X-Api-Key: ***": 1])
    }

    /// A search that began again at each of these would take too long.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "token={", "\"token\":{", "token=\"a ", "\"token\":\\\"", "token: a b, ", ":token: a b", ", token = \"",
            "\\",
            "token=$(", "-----BEGIN PRIVATE KEY-", "token:\n ", "<token>", "'\"token=", "token=[[", "-u a:\"", " ",
        ])
    func `a long text takes time in proportion to its length`(part: String) {
        let text = String(repeating: part, count: 40_000 / part.utf8.count)
        #expect(SecretWords.shown("x" + text).utf8.count <= 2 * text.utf8.count)
    }

    /// Both as a message and as the item of a command, and again when it is masked already.
    private func expect(_ text: String, _ shown: String) {
        for text in [text, shown] {
            #expect(SecretWords.shown(text) == shown)
            #expect(open.masked(["a": ["x", .string(text)]]) == ["a": ["x", .string(shown)]])
        }
    }
}
