// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsAPI
import BackendsClient
internal import ConfigDocument
import Testing
import backendctl

@Suite struct ModelReportTests {
    @Test func `models are a table and a document`() {
        let model = ModelDescription(
            Model(
                modelID: "m", backend: "a", state: .failed,
                failure: BackendsAPI.BackendFailure(reason: "CRASH_LOOP", message: "it ends again and again"),
                waiting: 2))
        let report = Report.models([model])
        #expect(
            report.text == """
                MODEL  BACKEND  STATE   USES  WAITING  ADDRESS  FAILURE
                m      a        FAILED  0     2        -        CRASH_LOOP

                """)
        #expect(report.document["models"]?.listValue?.first?["failure"]?["reason"] == "CRASH_LOOP")
        #expect(report.document["models"]?.listValue?.first?["endpoint"] == .null)
        #expect(report.document["models"]?.listValue?.first?["ttl"] == .null)
    }

    @Test func `a load says where the model is, and whether it was needed`() {
        let model = ModelDescription(
            Model(
                modelID: "m", backend: "a", state: .ready,
                endpoint: BackendsAPI.ModelEndpoint(address: "127.0.0.1:80", backend: "a")))
        #expect(Report.loaded(ModelUpdate(model: model, isChanged: true)).text == "m is loaded in a at 127.0.0.1:80\n")
        #expect(
            Report.loaded(ModelUpdate(model: model, isChanged: false)).text
                == "m was already loaded in a at 127.0.0.1:80\n")
        #expect(Report.unloaded(ModelUnload(modelID: "m", isChanged: true)).text == "m is unloaded\n")
        #expect(Report.unloaded(ModelUnload(modelID: "m", isChanged: false)).document["already_unloaded"] == true)
    }

    @Test func `a model in the caller's process is shown as IN_PROCESS, not as an empty address`() {
        let model = ModelDescription(
            Model(
                modelID: "m", backend: "local", state: .ready,
                endpoint: BackendsAPI.ModelEndpoint(backend: "local", kind: .inProcess)))
        #expect(Report.models([model]).text.contains("READY  0     0        IN_PROCESS"))
        #expect(
            Report.loaded(ModelUpdate(model: model, isChanged: false)).text.hasSuffix(
                "in local, in the caller's process\n"))
    }

    @Test func `an explanation names the backend that would answer`() {
        let verdicts = [
            BackendVerdict(
                backend: "a", type: "REMOTE", backendState: .stopped, verdict: .skip, reason: "MODEL_NOT_SERVED",
                message: "it does not serve m"),
            BackendVerdict(
                backend: "b", type: "PROCESS", backendState: .started, verdict: .load, message: "it would be loaded",
                evicted: ["old"]),
        ].map { ModelVerdict($0) }
        let report = Report.explained(verdicts)
        #expect(report.text.hasSuffix("the answer would come from b\n"))
        #expect(report.document["backend"] == "b")
        #expect(report.document["verdicts"]?.listValue?[1]["evicted"] == ["old"])
        #expect(Report.explained([verdicts[0]]).text.hasSuffix("no backend would answer\n"))
        #expect(Report.explained([verdicts[0]]).document["backend"] == .null)
    }

    @Test func `an answer in the caller's process says what it needs`() {
        let verdict = ModelVerdict(
            BackendVerdict(
                backend: "l", type: "LOCAL", backendState: .started, verdict: .ready, message: "it is served"))
        #expect(
            Report.explained([verdict]).text.hasSuffix(
                "the answer would come from l with --allow-in-process, and without it resolve and use fail\n"))
        let allowed = Report.explained([verdict], allowsInProcess: true)
        #expect(allowed.text.hasSuffix("the answer would come from l\n"))
    }

    @Test func `an explanation has the states of the list, and one line per backend`() {
        let verdict = ModelVerdict(
            BackendVerdict(
                backend: "b", type: "PROCESS", backendState: .started, verdict: .skip, reason: "MODEL_FAILED",
                message: "it ended; it last wrote:\na\nFATAL"))
        let lines = Report.explained([verdict], unready: ["b"]).text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].contains("UNREADY") && lines[1].hasSuffix("it ended; it last wrote: FATAL"))
        #expect(Report.explained([verdict]).text.contains("STARTED"))
    }
}
