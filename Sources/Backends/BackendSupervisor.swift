// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a started backend reports what happens to it by itself.
///
/// It belongs to one start; what it reports after a later stop or start is ignored. Reports may come from any thread and take
/// effect in the order they are made.
package struct BackendSupervisor: Sendable {
    /// What a backend can report.
    package enum Report: Sendable {
        /// The backend is `FAILED` from now on. Where its start is still under way, the start is cancelled and fails with this.
        case failed(BackendFailure)
        /// One of its processes changed.
        case instanceChanged(InstanceChange)
        /// A loaded model is `FAILED` from now on; it is unloaded before it is loaded again.
        case modelFailed(String, BackendFailure)
        /// A loaded model can be reached here from now on, or not at all for the moment.
        case modelMoved(String, ModelEndpoint?)
    }

    private let report: @Sendable (Report) -> Void

    package init(report: @escaping @Sendable (Report) -> Void) {
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

    package func modelMoved(_ model: String, _ endpoint: ModelEndpoint?) {
        report(.modelMoved(model, endpoint))
    }
}
