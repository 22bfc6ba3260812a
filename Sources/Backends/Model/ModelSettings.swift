// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import ConfigDocument
internal import TextKeys

/// What a configuration says about the models of a backend: which it serves, and by which rules.
package struct ModelSettings: Sendable {
    /// What it serves, as written.
    package let names: [String]
    private let served: [ModelGlob]
    private let pinned: [ModelGlob]
    private let members: [(group: String, globs: [ModelGlob])]
    private let ttl: Duration?
    private let maxConcurrent: Int?
    private let maxQueue: Int
    package let capacity: ModelCapacity

    /// Reads a map that the schema has checked and completed. `standard` is served when the map has no `models`.
    package init(_ configuration: ConfigValue, serving standard: [String] = []) {
        names = configuration["models"]?.listValue?.compactMap(\.stringValue) ?? standard
        served = names.map { ModelGlob($0) }
        pinned = Self.globs(configuration["pinned"]) ?? []
        let groups = (configuration["groups"]?.mapValue ?? [:]).sorted()
        members = groups.map { ($0.key, Self.globs($0.value["members"]) ?? []) }
        ttl = configuration["ttl"]?.durationValue.flatMap { $0 == .zero ? nil : $0.duration }
        maxConcurrent = Self.count(configuration["max_concurrent"])
        maxQueue = configuration["max_queue"]?.integerValue.map { Int($0) } ?? 64
        capacity = ModelCapacity(
            maxLoaded: Self.count(configuration["max_loaded"]),
            groups: (configuration["groups"]?.mapValue ?? [:]).mapValues { group in
                let isExclusive = group["exclusive"]?.boolValue ?? false
                return ModelGroup(isExclusive: isExclusive, maxLoaded: Self.count(group["max_loaded"]))
            },
            drainTimeout: configuration["drain_timeout"]?.durationValue?.duration ?? .seconds(30),
            fairAfter: configuration["fair_after"]?.durationValue?.duration ?? .seconds(2))
    }

    package func serves(_ model: String) -> Bool { served.contains { $0.matches(model) } }

    package func rules(for model: String) -> ModelRules {
        ModelRules(
            ttl: ttl, isPinned: pinned.contains { $0.matches(model) }, maxConcurrent: maxConcurrent,
            maxQueue: maxQueue,
            groups: members.filter { $0.globs.contains { $0.matches(model) } }.map(\.group))
    }

    /// The keys about uses, which every type with models has.
    package static let useFields: [ConfigField] = [
        ConfigField(
            "max_concurrent", .integer(0...1_000_000), "How many uses a model may have at a time; 0 means no limit.",
            default: 0),
        ConfigField("max_queue", .integer(0...4096), "How many callers may wait for a model.", default: 64),
        ConfigField(
            "drain_timeout", .duration(), "How long a stop of the backend waits for the current uses of its models.",
            default: "30s"),
    ]

    /// The keys about loading, which a type has that loads models.
    package static let loadFields: [ConfigField] = [
        modelsField(
            "Which models it serves: IDs, with * for any text and ? for any character. Required with scope: model; with scope: backend, the default is the name of the backend."
        ),
        ConfigField(
            "ttl", .duration(), "How long a model may be idle before it is unloaded; 0s means never.", default: "0s"),
        ConfigField(
            "pinned", .list(of: .string(ConfigStringRule(length: 1...256))),
            "Models that are unloaded only on request, written as in models.", default: []),
        ConfigField(
            "max_loaded", .integer(0...1024),
            "How many models may be loaded at a time; the least recently used one makes room. 0 means no limit.",
            default: 0),
        ConfigField(
            "fair_after", .duration(),
            "How long a model waits for room before later users of the loaded models wait behind it.", default: "2s"),
        ConfigField(
            "groups", .map(of: .object(group)), "Groups of models that share a resource such as a GPU, by name.",
            default: [:]),
    ]

    /// The key that says which models a backend serves. It has no default of its own, for that depends on the type.
    static func modelsField(_ summary: String) -> ConfigField {
        ConfigField("models", .list(of: .string(ConfigStringRule(length: 1...256))), summary)
    }

    private static let group = ConfigSchema(fields: [
        ConfigField(
            "members", .list(of: .string(ConfigStringRule(length: 1...256))),
            "The models of the group, written as in models.", isRequired: true),
        ConfigField(
            "exclusive", .bool,
            "Whether models of the group are never loaded at the same time as models outside of it.",
            default: false),
        ConfigField(
            "max_loaded", .integer(0...1024), "How many models of the group may be loaded at a time; 0 means no limit.",
            default: 0),
    ])

    /// What is wrong with the patterns, each of which must have the form of a valid ID.
    static func problems(in configuration: ConfigValue) -> [ConfigViolation] {
        var lists: [(ConfigPath, ConfigValue?)] = ["models", "pinned"].map { ([.key($0)], configuration[$0]) }
        for (name, group) in configuration["groups"]?.mapValue ?? [:] {
            lists.append((["groups", .key(name), "members"], group["members"]))
        }
        return lists.flatMap { path, list in
            (list?.listValue ?? []).enumerated().compactMap { index, pattern in
                pattern.stringValue.flatMap { ModelID.problem(of: $0) }
                    .map { ConfigViolation(path: path.appending(.index(index)), message: $0) }
            }
        }
        .sorted { $0.path < $1.path }
    }

    private static func globs(_ value: ConfigValue?) -> [ModelGlob]? {
        value?.listValue?.compactMap(\.stringValue).map { ModelGlob($0) }
    }

    /// Nil for 0, which stands for any number.
    private static func count(_ value: ConfigValue?) -> Int? {
        value?.integerValue.flatMap { $0 == 0 ? nil : Int($0) }
    }
}
