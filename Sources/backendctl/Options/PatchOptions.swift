// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import SystemIO

/// The options of a change of a configuration.
struct PatchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The owner whose layer to change. Default: user-UID, one layer per user.", valueName: "owner"))
    var owner: String?

    @Flag(help: "Keep the change for the next start if the backend is starting, started or stopping.")
    var nextStart = false

    @Option(help: ArgumentHelp("Change the configuration only if this is its current generation.", valueName: "number"))
    var expectedGeneration: UInt64?

    @Flag(help: "Ignore the start lock of another process, and break it.")
    var force = false

    @OptionGroup var lock: LockOptions

    func register(_ patch: ConfigurationValue, on backend: BackendHandle) async throws -> BackendUpdate {
        try await backend.registerConfig(
            patch, owner: owner ?? "user-\(ProcessInformation.uid)", apply: nextStart ? .nextStart : .now,
            expectedGeneration: expectedGeneration.map { Int(clamping: $0) }, lockWait: lock.lockWait, force: force)
    }
}
