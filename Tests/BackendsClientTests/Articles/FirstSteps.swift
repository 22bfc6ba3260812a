// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient

/// The code of the article of the same name, block by block; `ArticleTests` compares the two and runs it.
func firstSteps() async throws {
    let client = try BackendClient(timeout: .seconds(60))

    let types = try await client.backendTypes()
    print("types:", types.map(\.name).joined(separator: ", "))

    try await client.createBackend(
        "assistant", type: "PROCESS",
        config: [
            "scope": "model", "models": ["granite*"],
            "command": ["python3", "-m", "http.server", "--bind", "127.0.0.1", "${PORT}"],
        ])
    let assistant = client.backend("assistant")

    try await assistant.registerConfig(["ttl": "10m"], owner: "team-a")
    do {
        try await assistant.registerConfig(["ttl": "1h"], owner: "team-b")
    } catch {
        guard error.reason == .configConflict else { throw error }
        print("team-b:", error.message)
    }

    try await assistant.withStartLock(wait: .seconds(30)) { assistant in
        if try await !assistant.isStarted() {
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

    let loaded = try await assistant.loadModel("granite")
    print("granite is", loaded.model.state)

    try await client.withModel("granite") { endpoint in
        print("using granite of", endpoint.backend, "at", endpoint.address)
    }

    try await assistant.withLogs(lines: 10) { lines in
        for try await line in lines {
            print(line.instance, line.text)
        }
    }

    try await client.withEvents { events in
        for try await event in events {
            switch event {
            case .snapshot(let snapshot): print("there are", snapshot.backends.count, "backends")
            case .change(let change): print(change.backend, "is now", change.newState?.description ?? "deleted")
            case .instance(let change): print(change.instance, "is now", change.newState?.description ?? "gone")
            case .model(let change): print(change.modelID, "is now", change.newState)
            case .gap: print("some changes were lost")
            }
            break
        }
    }

    try await assistant.stop()
    try await assistant.delete()
    await client.close()
}
