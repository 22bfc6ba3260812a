// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
internal import ConfigDocument
internal import SocketRPC
import Testing
import backendctl

@Suite struct StatusReportTests {
    @Test func `a status has the state, its time and reason, the processes and the models`() {
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

    @Test func `a status says when a process was started, not since when it is in its state`() {
        let backend = BackendDescription(
            Backend(
                name: "slow", type: "PROCESS", state: .started,
                instances: [
                    Instance(name: "slow", state: .ready, pid: 7, startTime: GoogleTimestamp(seconds: 1000))
                ]))
        let text = Report.status(backend, models: [], lines: [], now: Timestamp(seconds: 1004)).text
        #expect(text.contains("slow READY, started at 1970-01-01T00:16:40.000Z (4s ago), pid 7, 0 restarts\n"))
    }

    @Test(
        arguments: [
            (.seconds(0), "0s"), (.milliseconds(5064), "5.064s"), (.nanoseconds(1), "0.000000001s"),
            (.microseconds(1_500_001), "1.500001s"), (.milliseconds(-500), "-0.500s"), (.seconds(600), "600s"),
        ] as [(Duration, String)])
    func `durations in JSON are those of protobuf`(duration: Duration, text: String) {
        #expect(DurationText.json(duration) == text)
    }

    @Test func `a started backend that cannot serve is shown as unready everywhere, with the reason`() {
        let unready = BackendsAPI.BackendFailure(reason: "BACKOFF", message: "it starts again in 4 s")
        let (wireBackend, wireModel) = (
            Backend(name: "b", type: "PROCESS", state: .started, unready: unready, models: ["b"]),
            Model(modelID: "b", backend: "b", state: .unready, unready: unready)
        )
        let (backend, model) = (BackendDescription(wireBackend), ModelDescription(wireModel))
        let status = Report.status(backend, models: [model], lines: [], now: Timestamp(seconds: 0)).text
        #expect(status.contains("UNREADY, STARTED\n"))
        #expect(status.contains("why:      BACKOFF: it starts again in 4 s\n"))
        #expect(status.contains("b UNREADY, 0 uses, BACKOFF: it starts again in 4 s\n"))
        let snapshot = BackendsSnapshot(backends: [wireBackend], models: [wireModel])
        #expect(DaemonEvent(.snapshot(snapshot)).map { Report.event($0).text.hasSuffix("  b=UNREADY\n") } == true)
        #expect(Report.available([backend]).text.contains("b      b        PROCESS  UNREADY\n"))
        #expect(Report.models([model]).text.contains("BACKOFF"))
    }

    @Test func `a start of a backend that cannot serve says so, with why`() {
        let unready = BackendsAPI.BackendFailure(reason: "INSTANCE_NOT_READY", message: "instance b is BACKOFF")
        let (ready, broken) = (
            BackendDescription(Backend(name: "b", type: "PROCESS", state: .started)),
            BackendDescription(Backend(name: "b", type: "PROCESS", state: .started, unready: unready))
        )
        let words = [(ready, true), (ready, false), (broken, true), (broken, false)].map {
            Report.started(BackendUpdate(backend: $0, isChanged: $1)).text
        }
        #expect(
            words == [
                "b is started\n", "b was already started\n",
                "b is started, and is UNREADY: INSTANCE_NOT_READY: instance b is BACKOFF\n",
                "b was already started, and is UNREADY: INSTANCE_NOT_READY: instance b is BACKOFF\n",
            ])
    }

    @Test func `the available models are those that each backend serves`() {
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

    @Test func `a time before another keeps its fraction in range`() {
        #expect(Timestamp(seconds: 10).before(.milliseconds(1)) == Timestamp(seconds: 9, nanoseconds: 999_000_000))
        #expect(Timestamp(seconds: 10, nanoseconds: 5).before(.seconds(1)) == Timestamp(seconds: 9, nanoseconds: 5))
    }
}
