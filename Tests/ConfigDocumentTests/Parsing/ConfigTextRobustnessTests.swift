// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument
import TestSupport
import Testing

/// Whatever the bytes, a parser gives a value or an error with a place in the text, and nothing else.
@Suite struct ConfigTextRobustnessTests {
    static let samples = [
        """
        # daemon
        socket: /run/backendd/backendd.sock
        grace: 30s
        loops: 1
        backends:
          - name: llama
            type: PROCESS
            config: &base
              command: [python3, "-m", 'server']
              env: {HF_HOME: "/srv/\\u00e9\\x41", N: !!str 5}
              ratio: -1.5e3
              mask: 0x1F
              script: |-
                echo "hello"
                exit 0
              folded: >+
                one

                two
          - {name: other, config: *base}
        ? explicit
        : [~, .5, "😀"]
        """,
        #"{"a": [1, -2.5e+3, true, null, "\u00e9\ud83d\ude00\n"], "b": {"c": {}, "d": []}, "e": "😀"}"#,
    ]

    private enum Parser: CaseIterable {
        case either, yaml, json

        func parse(_ bytes: [UInt8]) throws(ConfigSyntaxError) -> ConfigText {
            switch self {
            case .either: try ConfigText.parse(bytes, name: "t")
            case .yaml: try YAMLDocument.parse(bytes, name: "t")
            case .json: try ConfigJSON.parse(bytes, name: "t")
            }
        }
    }

    private func check(_ bytes: [UInt8]) {
        let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + bytes.count { $0 >= 0x80 } + 1
        for parser in Parser.allCases {
            do throws(ConfigSyntaxError) {
                let text = try parser.parse(bytes)
                #expect(text.root.depth <= ConfigLimits.depth)
            } catch {
                #expect((1...lines + 1).contains(error.location.line), "\(error) in \(bytes)")
                #expect((1...bytes.count + 2).contains(error.location.column), "\(error) in \(bytes)")
                #expect(!error.problem.isEmpty)
            }
        }
    }

    @Test(arguments: samples)
    func `the samples themselves are read`(sample: String) throws {
        #expect(try ConfigText.parse(Array(sample.utf8), name: "t").root.mapValue != nil)
    }

    @Test(arguments: samples)
    func `every prefix gives a value or an error`(sample: String) {
        let bytes = Array(sample.utf8)
        for count in 0...bytes.count { check(Array(bytes.prefix(count))) }
    }

    @Test(arguments: samples)
    func `every text without one byte gives a value or an error`(sample: String) {
        let bytes = Array(sample.utf8)
        for index in bytes.indices { check(Array(bytes[..<index] + bytes[(index + 1)...])) }
    }

    @Test(arguments: samples, 0..<40)
    func `random changes give a value or an error`(sample: String, seed: Int) {
        var random = SeededGenerator(seed: seed)
        let interesting: [UInt8] =
            Array("\n\t\r :-?,[]{}#&*!|>'\"%@`~<=.0123eEx\\u".utf8) + [0, 0x7F, 0x80, 0xC3, 0xE2, 0xF0, 0xFF]
        for _ in 0..<25 {
            var bytes = Array(sample.utf8)
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                let byte = interesting.randomElement(using: &random) ?? 0
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = byte
                case 1: bytes.insert(byte, at: index)
                case 2: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...9, using: &random)))
                default: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                }
                if bytes.isEmpty { break }
            }
            check(bytes)
        }
    }

    @Test(arguments: 0..<40)
    func `random bytes give a value or an error`(seed: Int) {
        var random = SeededGenerator(seed: seed)
        for length in 0..<40 {
            check((0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) })
            check((0..<length).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) })
        }
    }

    @Test(arguments: 0..<40)
    func `random paths, durations and patterns give a value or an error`(seed: Int) {
        var random = SeededGenerator(seed: seed)
        for length in 0..<40 {
            let text = String(
                (0..<length).compactMap { _ in "ab0129.[]\"\\u=-{}*+?,smhd é".randomElement(using: &random) })
            if let path = try? ConfigPath(parsing: text) {
                #expect((try? ConfigPath(parsing: path.description)) == path)
            }
            if let duration = try? ConfigDuration(parsing: text) {
                #expect((try? ConfigDuration(parsing: duration.description)) == duration)
            }
            if let pattern = ConfigPattern(parsing: text) { _ = pattern.matches(text) }
        }
    }
}
