// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient

/// The code of the article of the same name, block by block; `ArticleTests` compares the two.
func errors(_ client: BackendClient) async throws {
    do {
        try await client.backend("assistant").start()
    } catch {
        switch error.reason {
        case .backendNotFound: print("create it first")
        case .startLockHeld: print("process", error.metadata["pid"] ?? "?", "prepares the start")
        case .startCancelled: print("another caller stopped it")
        default: print(error)
        }
    }
}
