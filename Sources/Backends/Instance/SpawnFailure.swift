// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import SystemIO

extension ProgramSpec {
    /// Why the system did not start a program that was found; `call` says what was tried, unless the error does.
    package func failure(_ error: SystemError) -> BackendError {
        let program = error.subject ?? arguments.first ?? ""
        let (kind, reason, explanation): (BackendError.Kind, BackendError.Reason, String)
        if error.isOutOfDescriptors {
            return .cannotSupervise(instance, error)
        } else if error.call != "start" {
            (kind, reason, explanation) = (.internal, .spawnFailed, "\(error)")
        } else if error.isArgumentListTooLong {
            (kind, reason) = (.failedPrecondition, .commandTooLong)
            explanation =
                "its arguments or variables are longer than the system passes to a program (\(length) bytes together);"
                + " shorten command and env"
        } else if error.isOutOfResources {
            (kind, reason) = (.resourceExhausted, .spawnFailed)
            explanation =
                "\(SystemError.text(for: error.code)); end other processes, or raise the limits of the daemon's user"
        } else if error.isNotFound || error.isPermissionDenied || error.isUnknownFormat || error.isBeingWritten
            || error.isLinkLoop || error.isBelowFile
        {
            (kind, reason) = (.failedPrecondition, .programUnusable)
            explanation =
                "the program \(BackendName.quoted(program)) cannot be run: \(SystemError.text(for: error.code));"
                + " check command"
        } else {
            (kind, reason, explanation) = (.internal, .spawnFailed, "\(error)")
        }
        return BackendError(
            kind, reason, "cannot start instance \(instance): \(explanation)",
            metadata: ["instance": instance, "program": program])
    }
}
