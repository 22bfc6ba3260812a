// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser
internal import BackendsClient
internal import SystemIO

struct PsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps", abstract: "Shows the processes of the backends once; 'top' keeps showing them.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let backends = try await global.withClient { client in try await client.backends() }
        var top = ProcessTop()
        top.take(backends, at: .nanoseconds(Int64(clamping: MonotonicClock.nowNanoseconds)), now: .now)
        try global.write(top.report())
    }
}
