// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
internal import ConfigDocument
internal import SocketRPC
import Testing
import backendctl

@Suite struct StatusReportTests {
    @Test func `a status says since when, why, and how the processes and models are`() {
        let backend = BackendDescription(
            Backend(
                name: "llama", type: "PROCESS", state: .failed,
                failure: BackendsAPI.BackendFailure(reason: "EXITED", message: "it ended with status 3"),
                stateTime: GoogleTimestamp(seconds: 1000),
                instances: [
                    Instance(
                        name: "llama/m", state: .backoff, restarts: 2,
                        failure: BackendsAPI.BackendFailure(reason: "EXITED", message: "exit status 3"))
                ]))
        let model = ModelDescription(Model(modelID: "m", backend: "llama", state: .loading, uses: 1))
        let text = Report.status(backend, models: [model], lines: [], now: Timestamp(seconds: 1187)).text
        #expect(text.contains("FAILED for 3m07s, since 1970-01-01T00:16:40.000Z\n"))
        #expect(text.contains("EXITED: it ended with status 3\n"))
        #expect(text.contains("llama/m BACKOFF, 2 restarts, last ended with EXITED: exit status 3\n"))
        #expect(text.contains("m LOADING, 1 uses\n"))
        #expect(!text.contains("log:"))
    }

    @Test(
        arguments: [
            (.seconds(0), "0s"), (.milliseconds(5064), "5.064s"), (.nanoseconds(1), "0.000000001s"),
            (.microseconds(1_500_001), "1.500001s"), (.milliseconds(-500), "-0.500s"), (.seconds(600), "600s"),
        ] as [(Duration, String)])
    func `durations in JSON are those of protobuf`(duration: Duration, text: String) {
        #expect(DurationText.json(duration) == text)
    }

    @Test func `what could be asked for is what the daemon says that each backend serves`() {
        let backends = [
            BackendDescription(Backend(name: "a", type: "PROCESS", state: .started, models: ["phi", "smollm*"])),
            BackendDescription(Backend(name: "mute", type: "PROCESS", state: .stopped)),
        ]
        #expect(
            Report.available(backends).text == """
                MODEL    BACKEND  TYPE     STATE
                phi      a        PROCESS  STARTED
                smollm*  a        PROCESS  STARTED

                """)
    }

    @Test func `a moment before another keeps its fraction in range`() {
        #expect(Timestamp(seconds: 10).before(.milliseconds(1)) == Timestamp(seconds: 9, nanoseconds: 999_000_000))
        #expect(Timestamp(seconds: 10, nanoseconds: 5).before(.seconds(1)) == Timestamp(seconds: 9, nanoseconds: 5))
    }
}
