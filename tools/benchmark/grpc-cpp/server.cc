// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// grpc-cpp-server answers HandleRuntimeContext by grpc-c++: what `tools/bench --grpc` compares with. One completion
// queue on one thread, many calls waited for, their messages in arenas: it takes less CPU than the library's blocking
// and callback servers.

#include <google/protobuf/arena.h>
#include <grpcpp/grpcpp.h>
#include <strings.h>

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backends/v1/runtime_context.grpc.pb.h"

using namespace backends::v1;
using google::protobuf::Arena;

namespace {

constexpr int waiting_calls = 256;
constexpr size_t arena_size = 8 << 10;

const std::string *header(const HandleRuntimeContextRequest &request, const char *name) {
    for (const MetadataEntry &entry : request.context().grpc().metadata()) {
        if (entry.value_case() == MetadataEntry::kText && strcasecmp(entry.key().c_str(), name) == 0) {
            return &entry.text();
        }
    }
    return nullptr;
}

void answer(const HandleRuntimeContextRequest &request, HandleRuntimeContextResponse *response) {
    const std::string *route = header(request, "x-route-to");
    BackendContextResult *result = response->add_results();
    result->set_backend("local");
    result->set_outcome(route && *route == "local" ? CONTEXT_OUTCOME_HANDLED : CONTEXT_OUTCOME_IGNORED);
}

// Waits for a call, answers it, and waits for the next.
class Call {
  public:
    Call(RuntimeContextService::AsyncService &service, grpc::ServerCompletionQueue &queue)
        : service_(service), queue_(queue) {
        wait();
    }

    // `ok` is false when the server ends.
    void proceed(bool ok) {
        if (answered_) {
            wait();
        } else if (ok) {
            auto *response = Arena::CreateMessage<HandleRuntimeContextResponse>(&*arena_);
            answer(*request_, response);
            answered_ = true;
            writer_->Finish(*response, grpc::Status::OK, this);
        }
    }

  private:
    void wait() {
        writer_.reset();
        context_.reset();
        google::protobuf::ArenaOptions options;
        options.initial_block = block_;
        options.initial_block_size = sizeof block_;
        arena_.emplace(options);
        context_.emplace();
        writer_.emplace(&*context_);
        request_ = Arena::CreateMessage<HandleRuntimeContextRequest>(&*arena_);
        answered_ = false;
        service_.RequestHandleRuntimeContext(&*context_, request_, &*writer_, &queue_, &queue_, this);
    }

    RuntimeContextService::AsyncService &service_;
    grpc::ServerCompletionQueue &queue_;
    alignas(16) char block_[arena_size];
    std::optional<Arena> arena_;
    std::optional<grpc::ServerContext> context_;
    std::optional<grpc::ServerAsyncResponseWriter<HandleRuntimeContextResponse>> writer_;
    HandleRuntimeContextRequest *request_ = nullptr;
    bool answered_ = false;
};

}  // namespace

int main(int count, char **arguments) {
    if (count != 2) {
        std::cerr << "usage: grpc-cpp-server SOCKET\n";
        return 2;
    }
    RuntimeContextService::AsyncService service;
    grpc::ServerBuilder builder;
    builder.AddListeningPort(std::string("unix:") + arguments[1], grpc::InsecureServerCredentials());
    builder.RegisterService(&service);
    std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
    std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (!server) return 1;
    std::vector<std::unique_ptr<Call>> calls;
    for (int i = 0; i < waiting_calls; i++) calls.push_back(std::make_unique<Call>(service, *queue));
    void *tag;
    bool ok;
    while (queue->Next(&tag, &ok)) static_cast<Call *>(tag)->proceed(ok);
    return 0;
}
