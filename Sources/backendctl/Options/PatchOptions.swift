// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import SystemIO

/// What goes with a change of a configuration.
struct PatchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Whose layer the change goes to. Default: user-UID, one layer per user.", valueName: "owner"))
    var owner: String?

    @Flag(help: "Keep the change for the next start when the backend is not at rest.")
    var nextStart = false

    @Option(help: ArgumentHelp("Only change the configuration if this is its generation.", valueName: "number"))
    var expectedGeneration: UInt64?

    @Flag(help: "Go past the holder of the start lock.")
    var force = false

    @OptionGroup var lock: LockOptions

    func register(_ patch: ConfigurationValue, on backend: BackendHandle) async throws -> ConfigurationChange {
        try await backend.registerConfig(
            patch, owner: owner ?? "user-\(ProcessInformation.uid)", apply: nextStart ? .nextStart : .now,
            expectedGeneration: expectedGeneration, lockWait: lock.lockWait, force: force)
    }
}
