// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import BackendsTestSupport
import ConfigDocument
import SocketRPC
import TestSupport
import Testing
import TextKeys

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct LifecycleServiceTests {
    @Test func `a start starts, and a second one does nothing`() async throws {
        try await withService { service in
            try await service.client.create("a")
            let first = try await service.client.start("a")
            #expect(first.backend?.state == .started)
            #expect(first.backend?.started == true)
            #expect(!first.alreadyStarted)
            #expect(try await service.client.start("a").alreadyStarted)
            #expect(try service.scripted["a"].starts.count == 1)
        }
    }

    @Test func `a stop stops, and a second one does nothing`() async throws {
        try await withService { service in
            try await service.client.create("a")
            #expect(try await service.client.stop("a").alreadyStopped)
            try await service.client.start("a")
            let first = try await service.client.stop("a")
            #expect(first.backend?.state == .stopped)
            #expect(!first.alreadyStopped)
            #expect(try await service.client.stop("a").alreadyStopped)
        }
    }

    @Test func `callers join one attempt and get its one result`() async throws {
        try await withService { service in
            let (began, release) = (AsyncSignal<Void>(), AsyncSignal<Void>())
            try await service.client.create("a")
            try service.scripted["a"].onStart {
                began.send()
                await release.wait()
            }
            let client = service.client
            let first = Task.immediate { try await client.start("a") }
            await began.wait()
            #expect(try await client.get("a").state == .starting)
            let second = Task.immediate { try await client.start("a") }
            try await service.takenIn()
            release.send()
            #expect(try await first.value.backend?.started == true)
            #expect(try await second.value.backend?.started == true)
            #expect(try service.scripted["a"].starts.count == 1)
        }
    }

    @Test func `a stop cancels a start, whose callers are told`() async throws {
        try await withService { service in
            let began = AsyncSignal<Void>()
            try await service.client.create("a")
            try service.scripted["a"].onStart { () async throws(BackendError) in
                began.send()
                await ScriptedBackend.untilCancelled()
                throw .broken
            }
            let client = service.client
            async let start = refusal { try await client.start("a") }
            await began.wait()
            #expect(try await client.stop("a").backend?.state == .stopped)
            #expect(try await start.word == "ABORTED START_CANCELLED")
        }
    }

    @Test func `a start that fails leaves the backend failed, and a stop cleans up`() async throws {
        try await withService { service in
            try await service.client.create("a")
            try service.scripted["a"].onStart { () throws(BackendError) in throw .broken }
            let status = try await refusal { try await service.client.start("a") }
            #expect(status.word == "INTERNAL START_FAILED")
            #expect(status.errorInfo?.metadata["code"] == "3")
            let failed = try await service.client.get("a")
            #expect(failed.state == .failed)
            #expect(!failed.started)
            #expect(
                failed.failure == BackendsAPI.BackendFailure(reason: "START_FAILED", message: "the model server ended"))
            let stopped = try await service.client.stop("a").backend
            #expect(stopped?.state == .stopped)
            #expect(stopped?.failure == nil)
        }
    }

    @Test func `a failed backend is configured and started again`() async throws {
        try await withService { service in
            try await service.client.create("a")
            let scripted = try service.scripted["a"]
            scripted.onStart { () throws(BackendError) in throw .broken }
            _ = try await refusal { try await service.client.start("a") }
            scripted.onStart {}
            try await service.client.register("a", owner: "o", ["port": 9090])
            #expect(try await service.client.start("a").backend?.started == true)
            #expect(scripted.starts.last == ["port": 9090])
        }
    }

    @Test func `a breakdown that the backend reports shows as its failure`() async throws {
        try await withService { service in
            try await service.client.create("a")
            try await service.client.start("a")
            let watch = try service.registry.watch(
                serverInstance: ServerFixture.instance, since: service.registry.sequence)
            try service.scripted["a"].supervisors.last?.failed(
                Backends.BackendFailure(reason: "PROCESS_EXITED", message: "gone"))
            _ = try await watch.next()
            let backend = try await service.client.get("a")
            #expect(backend.state == .failed)
            #expect(backend.failure?.reason == "PROCESS_EXITED")
        }
    }

    @Test func `a deadline bounds the wait, never the attempt`() async throws {
        try await withService { service in
            let (began, release) = (AsyncSignal<Void>(), AsyncSignal<Void>())
            try await service.client.create("a")
            try service.scripted["a"].onStart {
                began.send()
                await release.wait()
            }
            let status = try await refusal {
                try await service.client.lifecycle.startBackend(
                    StartBackendRequest(name: "a"), options: CallOptions(timeout: .milliseconds(200)))
            }
            #expect(status.code == .deadlineExceeded)
            await began.wait()
            #expect(try await service.client.get("a").state == .starting)
            release.send()
            #expect(try await service.client.start("a").backend?.started == true)
            #expect(try service.scripted["a"].starts.count == 1)
        }
    }

    @Test func `only a backend at rest is deleted without force`() async throws {
        try await withService { service in
            try await service.client.create("a")
            try await service.client.start("a")
            let status = try await refusal { try await service.client.delete("a") }
            #expect(status.word == "FAILED_PRECONDITION BACKEND_STARTED")
            let stopped = AsyncSignal<Void>()
            try service.scripted["a"].onStop { stopped.send() }
            try await service.client.delete("a", force: true)
            #expect(stopped.value != nil)
            let gone = try await refusal { try await service.client.get("a") }
            #expect(gone.code == .notFound)
            try await service.client.create("b")
            try await service.client.delete("b")
            #expect(try await service.client.config.listBackends(ListBackendsRequest()).backends.isEmpty)
        }
    }
}
