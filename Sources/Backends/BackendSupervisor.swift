// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// Where a started backend reports that it broke down by itself.
///
/// It belongs to one start; what it reports after a later stop or start is ignored.
package struct BackendSupervisor: Sendable {
    private let report: @Sendable (BackendFailure) -> Void

    package init(report: @escaping @Sendable (BackendFailure) -> Void) {
        self.report = report
    }

    /// The backend is `FAILED` from now on. Where its start is still under way, the start is cancelled and fails with this.
    package func failed(_ failure: BackendFailure) {
        report(failure)
    }
}
