// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

extension ConfigSchema {
    /// A schema with a field of every kind.
    static let example = ConfigSchema(fields: [
        ConfigField("address", .string(ConfigStringRule(length: 1...8)), "Where it listens.", isRequired: true),
        ConfigField("port", .integer(1...65535), "The port.", default: 8080),
        ConfigField("ratio", .number(0...1), "A share.", default: 0.5),
        ConfigField("verbose", .bool, "Whether it talks.", default: false),
        ConfigField("timeout", .duration(.zero...second(60)), "How long to wait.", default: "30s"),
        ConfigField("level", .string(ConfigStringRule(choices: ["low", "high"])), "How much."),
        ConfigField("name", .string(ConfigStringRule(pattern: "[a-z]+")), "What it is called."),
        ConfigField("password", .string(), "Lets in.", isSecret: true),
        ConfigField("tags", .list(of: .string()), "Words.", default: []),
        ConfigField("limits", .map(of: .integer()), "Numbers by name."),
        ConfigField("extra", .any, "Whatever it is."),
        ConfigField("tls", .object(tls), "How it encrypts."),
        ConfigField("models", .list(of: .object(model)), "What it serves."),
    ])

    static let tls = ConfigSchema(fields: [
        ConfigField("key", .string(), "The private key.", isRequired: true, isSecret: true),
        ConfigField("depth", .integer(), "How far it checks.", default: 3),
    ])

    static let model = ConfigSchema(fields: [
        ConfigField("id", .string(), "The model.", isRequired: true),
        ConfigField("copies", .integer(), "How many.", default: 1),
        ConfigField("env", .map(of: .string()), "The environment."),
    ])

    private static func second(_ count: Int64) -> ConfigDuration {
        ConfigDuration(nanoseconds: count * 1_000_000_000) ?? .zero
    }
}
