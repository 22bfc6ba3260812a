// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient

/// The code of the article of the same name, block by block; `FirstStepsTests` compares the two and runs it.
func firstSteps() async throws {
    let client = try BackendClient(timeout: .seconds(10))

    let types = try await client.types()
    print("types:", types.map(\.name).joined(separator: ", "))

    try await client.create("assistant", type: "LOCAL", config: ["model": ["name": "granite", "revision": 1]])
    let assistant = client.backend("assistant")

    try await assistant.registerConfig(["model": ["revision": 2]], owner: "team-a")
    do {
        try await assistant.registerConfig(["model": ["revision": 3]], owner: "team-b")
    } catch {
        print("team-b:", error.reason ?? "", error.message)
    }

    try await assistant.withStartLock(wait: .seconds(30)) { assistant in
        if try await !assistant.isStarted {
            try await assistant.start()
        }
    }

    let context = RuntimeContext.grpc(
        RuntimeContext.GRPC(
            method: "/caikit.runtime.Nlp/TextGeneration",
            metadata: [RuntimeContext.Metadata("x-route-info", "localhost:8033")]))
    for result in try await client.handleRuntimeContext(modelID: "granite", context) {
        print(result.backend, result.outcome)
    }

    try await client.watch { event in
        switch event {
        case .snapshot(let snapshot): print("there are", snapshot.backends.count, "backends")
        case .change(let change): print(change.backend, "is now", change.newState?.description ?? "deleted")
        case .instance(let change): print(change.instance, "is now", change.newState?.description ?? "gone")
        case .model(let change): print(change.modelID, "is now", change.newState)
        case .gap: print("some changes were lost")
        }
        return .stop
    }

    try await assistant.stop()
    try await assistant.delete()
    await client.close()
}
