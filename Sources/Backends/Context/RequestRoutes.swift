// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What the context of a request decides about its way along the backends. A value that grows with each backend that is asked.
package struct RequestRoutes: Hashable, Sendable {
    /// Where a backend sends the request, or why it does not serve it.
    private var decisions: [String: Result<ModelEndpoint, BackendError>] = [:]
    /// The stopped backends that may follow the context's route once they are started.
    private var undecided: Set<String> = []
    private var isFollowed = false
    private var firstRefusal: BackendError?

    package init(_ results: [ContextResult] = []) { add(results) }

    private mutating func add(_ results: [ContextResult]) {
        for result in results {
            switch result.outcome {
            case .routed(let endpoint): (decisions[result.backend], isFollowed) = (.success(endpoint), true)
            case .handled: isFollowed = true
            case .refused(let error):
                (decisions[result.backend], firstRefusal) = (.failure(error), firstRefusal ?? error)
            case .declined(let error): decisions[result.backend] = .failure(error)
            case .undecided: undecided.insert(result.backend)
            case .ignored, .failed: break
            }
        }
    }

    /// A stopped backend was started, and made this of the context.
    mutating func asked(_ backend: String, _ results: [ContextResult]) {
        undecided.remove(backend)
        add(results)
    }

    var isEmpty: Bool { decisions.isEmpty && undecided.isEmpty && firstRefusal == nil }

    /// The backends whose turn matters whatever models they serve.
    var backends: [String] { isEmpty ? [] : decisions.keys + Array(undecided) }

    func decision(of backend: String) -> Result<ModelEndpoint, BackendError>? { decisions[backend] }

    func isUndecided(_ backend: String) -> Bool { undecided.contains(backend) }

    var hasUndecided: Bool { !undecided.isEmpty }

    /// Why no backend may serve the request unless it follows the route: one has refused it, and none has followed it so far.
    package var refusal: BackendError? { isFollowed ? nil : firstRefusal }

    /// Whether the backend serves other requests for the model, but not this one because of its route.
    func isDeclined(by backend: String) -> Bool {
        switch decisions[backend] {
        case .failure: true
        case .success, nil: false
        }
    }
}
