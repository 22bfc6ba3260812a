// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// grpc-cpp-check makes the call that `tools/bench --grpc` measures, once, and prints the size of its answer. It fails
// unless the call ends with OK and one backend has answered.

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "backends/v1/runtime_context.grpc.pb.h"

using namespace backends::v1;

int main(int count, char **arguments) {
    if (count != 3) {
        std::cerr << "usage: grpc-cpp-check SOCKET REQUEST\n";
        return 2;
    }
    // The file holds the request as gRPC frames it.
    constexpr size_t prefix_size = 5;
    std::ifstream file(arguments[2], std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    HandleRuntimeContextRequest request;
    if (bytes.size() <= prefix_size || !request.ParseFromString(bytes.substr(prefix_size))) {
        std::cerr << "grpc-cpp-check: " << arguments[2] << " holds no request\n";
        return 1;
    }
    auto channel = grpc::CreateChannel(std::string("unix:") + arguments[1], grpc::InsecureChannelCredentials());
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    HandleRuntimeContextResponse response;
    grpc::Status status =
        RuntimeContextService::NewStub(channel)->HandleRuntimeContext(&context, request, &response);
    if (!status.ok() || response.results_size() != 1) {
        std::cerr << "grpc-cpp-check: status " << status.error_code() << " " << status.error_message() << ", "
                  << response.results_size() << " results\n";
        return 1;
    }
    std::cout << "reply=" << response.ByteSizeLong() << "\n";
    return 0;
}
