// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient

/// The code of the article of the same name, block by block; `ArticleTests` compares the two.
func locking(_ client: BackendClient) async throws {
    let assistant = client.backend("assistant")
    try await assistant.withStartLock(wait: .seconds(30)) { locked in
        if try await !locked.isStarted() {
            try await locked.registerConfig(["ttl": "10m"], owner: "team-a")
            try await locked.start()
        }
    }

    try await assistant.withStartLock { locked in
        guard let token = locked.lockToken else { return }
        print("the number to pass on is", token.rawValue)
        try await client.backend("assistant").holding(lockToken: token).stop()
    }

    do {
        try await assistant.start(lockWait: .seconds(10))
    } catch {
        guard error.reason == .startLockHeld else { throw error }
        print("process", error.metadata["pid"] ?? "?", "still prepares the start")
    }
}
