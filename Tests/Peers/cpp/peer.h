// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "grpc/testing/test.grpc.pb.h"

// A check that did not hold.
struct Failed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

template <class Found, class Wanted>
void equal(const char *what, const Found &found, const Wanted &wanted) {
    if (found == wanted) return;
    std::ostringstream text;
    text << what << ": wanted " << wanted << ", got " << found;
    throw Failed(text.str());
}

void succeeded(const grpc::Status &status);
void failed(const grpc::Status &status, grpc::StatusCode code);

// A channel to the server.
struct Peer {
    explicit Peer(const std::string &path);

    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<grpc::testing::TestService::Stub> stub;
};

// A call that ends after half a minute, however busy the machine is.
struct Context : grpc::ClientContext {
    explicit Context(std::chrono::milliseconds limit = std::chrono::seconds(30));

    // Whether the message that came last was compressed.
    bool received_compressed();
};

struct Case {
    const char *name;
    void (*run)(Peer &);
};

std::vector<Case> interop_cases();
