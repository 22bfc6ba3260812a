// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// The last answers to requests for a model, encoded. One stays the answer while the same backends serve the same models, and its backend
/// serves the model at the same endpoint.
///
/// The bytes of a model ID choose the place of its answer, so that two models may take turns at one.
struct KeptResolutions: Sendable {
    final class Entry: Sendable {
        let model: String
        let models: ModelPoolDriver
        let endpoint: ModelEndpoint
        let answer: [UInt8]

        init(_ model: String, of models: ModelPoolDriver, at endpoint: ModelEndpoint, answer: [UInt8]) {
            self.model = model
            self.models = models
            self.endpoint = endpoint
            self.answer = answer
        }
    }

    private static let places = 64
    /// The most bytes of an answer that is kept.
    private static let longest = 4096

    private var entries: [Entry?] = []

    /// What was kept for a model ID.
    func entry(for model: Span<UInt8>) -> Entry? {
        guard !entries.isEmpty, let entry = entries[Self.place(of: model)] else { return nil }
        let known = entry.model.utf8Span.span
        guard known.count == model.count else { return nil }
        for index in known.indices where known[index] != model[index] { return nil }
        return entry
    }

    mutating func keep(_ entry: Entry) {
        guard entry.answer.count <= Self.longest else { return }
        if entries.isEmpty { entries = Array(repeating: nil, count: Self.places) }
        entries[Self.place(of: entry.model.utf8Span.span)] = entry
    }

    private static func place(of model: Span<UInt8>) -> Int {
        var sum: UInt32 = 0
        for index in model.indices { sum = sum &* 31 &+ UInt32(model[index]) }
        return Int(sum % UInt32(places))
    }
}
