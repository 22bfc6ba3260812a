// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// grpc-cpp-peer runs the cases of gRPC's interoperability tests by grpc-c++, and is strict about what was compressed.
// Prints a line for each case; the first that fails ends it with 1.

#include <iostream>

#include "peer.h"

int main(int count, char **arguments) {
    if (count != 2) {
        std::cerr << "usage: grpc-cpp-peer SOCKET\n";
        return 2;
    }
    Peer peer(arguments[1]);
    for (const Case &step : interop_cases()) {
        try {
            step.run(peer);
        } catch (const Failed &error) {
            std::cerr << step.name << ": " << error.what() << "\n";
            return 1;
        }
        std::cout << "ok " << step.name << std::endl;
    }
    return 0;
}
