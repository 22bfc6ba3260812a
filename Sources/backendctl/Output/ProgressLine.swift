// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
internal import ConfigDocument
internal import TextKeys

/// What a command shows while it waits: for what, for how long, and what happened last.
package struct ProgressLine: Sendable {
    /// What the command waits for.
    package enum Subject: Hashable, Sendable {
        /// A backend and its processes.
        case backend(String)
        /// A model, on whatever backend, and the backends it may need.
        case model(String)
    }

    private let subject: Subject
    private var news = ""

    package init(_ subject: Subject) {
        self.subject = subject
    }

    /// Takes in an event. Returns false if it does not concern the subject.
    package mutating func take(_ event: DaemonEvent) -> Bool {
        guard let news = news(in: event) else { return false }
        self.news = news
        return true
    }

    private func news(in event: DaemonEvent) -> String? {
        switch (event, subject) {
        case (.change(let change), .backend(let name)) where change.backend == name:
            "\(name) \(change.newState?.description ?? "is deleted")"
        // A model may make any backend start.
        case (.change(let change), .model) where change.newState == .starting || change.oldState == .starting:
            "\(change.backend) \(change.newState?.description ?? "is deleted")"
        case (.instance(let change), .backend(let name)) where change.backend == name: words(change)
        case (.instance(let change), .model(let model)) where change.modelID?.isIdentical(to: model) == true:
            words(change)
        case (.model(let change), .model(let model)) where change.modelID.isIdentical(to: model):
            "\(model) \(change.newState) in \(change.backend)"
        case (.change, _), (.instance, _), (.model, _), (.snapshot, _), (.gap, _): nil
        }
    }

    private func words(_ change: InstanceChange) -> String {
        let why = change.failure.map { ", \($0.reason)" } ?? ""
        return "\(change.instance) \(change.newState?.description ?? "has ended")\(why)"
    }

    /// Returns the line, which has less than `columns` characters; control characters are escaped.
    package func text(after time: Duration, columns: Int) -> String {
        let name =
            switch subject {
            case .backend(let name): name
            case .model(let model): "model \(model)"
            }
        let line = "waiting \(time.components.seconds)s for \(name)" + (news.isEmpty ? "" : ": \(news)")
        return String(PlainText.escaped(line).prefix(max(columns - 1, 0)))
    }
}
