// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends
import BackendsAPI
import SocketRPC
import TestSupport
import Testing

@Suite(.tags(.blocking), .timeLimit(.minutes(5))) struct UseModelWaitTests {
    @Test func `a half close while it waits for a place gives up the wait, which is an error`() async throws {
        try await withService(types: { .standard(on: $0) }) { service in
            let client = service.client
            try await client.create(
                "a", "REMOTE",
                config: ["connection": ["hostname": "127.0.0.1:9"], "models": ["m"], "max_concurrent": 1])
            try await client.start("a")
            try await client.models.useModel { holder in
                try await holder.send(UseModelRequest(modelID: "m"))
                #expect(try await holder.next() != nil)
                let status = try await refusal {
                    try await client.models.useModel { stream in
                        try await stream.send(UseModelRequest(modelID: "m", wait: GoogleDuration(.seconds(600))))
                        try await stream.finishSending()
                        while try await stream.next() != nil {}
                    }
                }
                #expect(status.word == "CANCELLED CALLER_CANCELLED")
                // The place in the queue is free again, and the use that was there goes on.
                let models = try await client.models.listModels(ListModelsRequest()).models
                #expect(models.map(\.uses) == [1])
                #expect(models.map(\.waiting) == [0])
            }
        }
    }
}
