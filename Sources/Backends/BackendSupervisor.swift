// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Receives a started backend's reports of changes that no call has asked for.
///
/// It belongs to one start: reports after a later stop or start are ignored. Reports may come from any thread, and take effect in
/// their order.
package struct BackendSupervisor: Sendable {
    package enum Report: Sendable {
        /// The backend is now `FAILED`. A start that is still under way is cancelled and fails with this.
        case failed(BackendFailure)
        /// One of the backend's processes has changed.
        case instanceChanged(InstanceChange)
        /// A loaded model is now `FAILED`; it is unloaded before it is loaded again.
        case modelFailed(String, BackendFailure)
        /// A loaded model has a new endpoint; nil while it does not serve.
        case modelMoved(String, ModelEndpoint?)
        /// A route was learned that holds until the backend stops, also over a restart of the daemon.
        case routeLearned(LearnedRoute)
    }

    /// The routes that the backend had learned when the last run of the daemon ended without stopping it.
    package let routes: [LearnedRoute]

    private let report: @Sendable (Report) -> Void

    package init(routes: [LearnedRoute] = [], report: @escaping @Sendable (Report) -> Void) {
        self.routes = routes
        self.report = report
    }

    package func failed(_ failure: BackendFailure) {
        report(.failed(failure))
    }

    package func instanceChanged(_ change: InstanceChange) {
        report(.instanceChanged(change))
    }

    package func modelFailed(_ model: String, _ failure: BackendFailure) {
        report(.modelFailed(model, failure))
    }

    package func routeLearned(_ route: LearnedRoute) {
        report(.routeLearned(route))
    }

    package func modelMoved(_ model: String, _ endpoint: ModelEndpoint?) {
        report(.modelMoved(model, endpoint))
    }
}
