// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import SystemIO
import TestSupport
import Testing

/// What clients of model servers notice when the daemon is replaced.
@Suite(.tags(.blocking), .timeLimit(.minutes(10))) struct SuccessionTests {
    @Test func `a model answers each of fifty requests per second while its daemon is replaced ten times`()
        async throws
    {
        let house = try await SuccessiveDaemons(
            """
            on_shutdown: leave
            backends:
              - name: p
                type: PROCESS
                config: {command: [python3, -m, http.server, "${PORT}", --bind, 127.0.0.1, --directory, /var/empty]}
            """)
        try await house.start()
        let first = try await house.instance { $0.state == .ready }
        let client = """
            import os, sys, time, urllib.request
            done = failed = 0
            while not os.path.exists(sys.argv[2]):
                try:
                    urllib.request.urlopen("http://" + sys.argv[1], timeout=5).read()
                    done += 1
                except urllib.error.HTTPError:
                    done += 1
                except OSError:
                    failed += 1
                time.sleep(0.02)
            print(done, failed)
            """
        let stop = house.directory.file("stop")
        let requests = try RunningProgram(["python3", "-c", client, first.address, stop])
        for round in 0..<10 {
            try await house.succeed(round.isMultiple(of: 2) ? .terminate : .kill)
            #expect(try await house.instance().pid == first.pid)
        }
        _ = try house.directory.write("", to: "stop")
        #expect(try await requests.wait() == .exited(0))
        let counts = await requests.output.all().joined().split(separator: " ").compactMap { Int($0) }
        #expect(counts.count == 2 && counts[0] >= 10 && counts[1] == 0, "\(counts)")
        house.configuration = house.configuration.replacing("on_shutdown: leave", with: "on_shutdown: stop")
        try await house.succeed()
        #expect(try await house.daemon.stop() == .exited(0))
    }
}
