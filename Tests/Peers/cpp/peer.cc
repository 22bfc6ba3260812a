// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "peer.h"

// Exported by gRPC's core for tests like these; no header that is installed declares it.
uint32_t grpc_call_test_only_get_message_flags(grpc_call *call);

void succeeded(const grpc::Status &status) {
    if (status.ok()) return;
    std::ostringstream text;
    text << "the call failed with " << status.error_code() << ": " << status.error_message();
    throw Failed(text.str());
}

void failed(const grpc::Status &status, grpc::StatusCode code) {
    equal("status", status.error_code(), code);
}

Peer::Peer(const std::string &path)
    : channel(grpc::CreateChannel("unix:" + path, grpc::InsecureChannelCredentials())) {
    stub = grpc::testing::TestService::NewStub(channel);
}

Context::Context(std::chrono::milliseconds limit) { set_deadline(std::chrono::system_clock::now() + limit); }

bool Context::received_compressed() {
    // The flag that the core sets on a message that it has decompressed.
    constexpr uint32_t was_compressed = 0x40000000;
    return grpc_call_test_only_get_message_flags(c_call()) & was_compressed;
}
