// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import BackendsClient

/// The code of the article of the same name, block by block; `ArticleTests` compares the two.
func overview() async throws {
    try await withBackendClient { client in
        let assistant = client.backend("assistant")
        try await assistant.registerConfig(["ttl": "10m"], owner: "team-a")
        try await assistant.start()
        try await assistant.withModel("granite") { endpoint in
            print("granite is at", endpoint.address)
        }
    }
}
