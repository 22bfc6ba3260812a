// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include <grpcpp/generic/generic_stub.h>

#include <atomic>
#include <future>
#include <thread>

#include "peer.h"

using namespace grpc::testing;

namespace {

constexpr int large_request = 271828, large_response = 314159;
const std::vector<int> request_sizes = {27182, 8, 1828, 45904};
const std::vector<int> response_sizes = {31415, 9, 2653, 58979};
constexpr char initial_key[] = "x-grpc-test-echo-initial", initial_value[] = "test_initial_metadata_value";
constexpr char trailing_key[] = "x-grpc-test-echo-trailing-bin", trailing_value[] = "\xab\xab\xab";

std::string zeros(int size) { return std::string(static_cast<size_t>(size), '\0'); }

int body_size(const StreamingOutputCallResponse &response) {
    return static_cast<int>(response.payload().body().size());
}

SimpleRequest large_simple_request() {
    SimpleRequest request;
    request.set_response_size(large_response);
    request.mutable_payload()->set_body(zeros(large_request));
    return request;
}

StreamingOutputCallRequest output_request(int sent, int wanted) {
    StreamingOutputCallRequest request;
    request.mutable_payload()->set_body(zeros(sent));
    request.add_response_parameters()->set_size(wanted);
    return request;
}

// Makes a UnaryCall that must return the large response.
void call_large(Peer &peer, Context &context, const SimpleRequest &request) {
    SimpleResponse response;
    succeeded(peer.stub->UnaryCall(&context, request, &response));
    equal("the answer is whole", response.payload().body() == zeros(large_response), true);
}

void empty_unary(Peer &peer) {
    Context context;
    Empty response;
    succeeded(peer.stub->EmptyCall(&context, Empty(), &response));
    equal("size of the answer", response.ByteSizeLong(), 0u);
}

void large_unary(Peer &peer) {
    Context context;
    call_large(peer, context, large_simple_request());
}

// A request that only claims to be compressed is refused; then one of each.
void client_compressed_unary(Peer &peer) {
    SimpleRequest request = large_simple_request();
    request.mutable_expect_compressed()->set_value(true);
    Context probe;
    SimpleResponse response;
    failed(peer.stub->UnaryCall(&probe, request, &response), grpc::INVALID_ARGUMENT);
    Context compressed;
    compressed.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    call_large(peer, compressed, request);
    Context plain;
    request.mutable_expect_compressed()->set_value(false);
    call_large(peer, plain, request);
}

void server_compressed_unary(Peer &peer) {
    for (bool wanted : {true, false}) {
        Context context;
        SimpleRequest request = large_simple_request();
        request.mutable_response_compressed()->set_value(wanted);
        call_large(peer, context, request);
        equal("the answer came compressed", context.received_compressed(), wanted);
    }
}

void client_streaming(Peer &peer) {
    Context context;
    StreamingInputCallResponse response;
    auto stream = peer.stub->StreamingInputCall(&context, &response);
    for (int size : request_sizes) {
        StreamingInputCallRequest request;
        request.mutable_payload()->set_body(zeros(size));
        equal("sent", stream->Write(request), true);
    }
    stream->WritesDone();
    succeeded(stream->Finish());
    equal("sum of the sizes", response.aggregated_payload_size(), 74922);
}

void client_compressed_streaming(Peer &peer) {
    StreamingInputCallRequest request;
    request.mutable_payload()->set_body(zeros(27182));
    request.mutable_expect_compressed()->set_value(true);
    StreamingInputCallResponse response;
    Context probe;
    auto refused = peer.stub->StreamingInputCall(&probe, &response);
    refused->Write(request);
    refused->WritesDone();
    failed(refused->Finish(), grpc::INVALID_ARGUMENT);

    Context context;
    context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    auto stream = peer.stub->StreamingInputCall(&context, &response);
    equal("sent", stream->Write(request), true);
    request.mutable_payload()->set_body(zeros(45904));
    request.mutable_expect_compressed()->set_value(false);
    equal("sent", stream->Write(request, grpc::WriteOptions().set_no_compression()), true);
    stream->WritesDone();
    succeeded(stream->Finish());
    equal("sum of the sizes", response.aggregated_payload_size(), 73086);
}

void server_streaming(Peer &peer) {
    Context context;
    StreamingOutputCallRequest request;
    for (int size : response_sizes) request.add_response_parameters()->set_size(size);
    auto stream = peer.stub->StreamingOutputCall(&context, request);
    StreamingOutputCallResponse response;
    for (int size : response_sizes) {
        equal("answered", stream->Read(&response), true);
        equal("size", body_size(response), size);
    }
    equal("answered once more", stream->Read(&response), false);
    succeeded(stream->Finish());
}

void server_compressed_streaming(Peer &peer) {
    const std::vector<std::pair<int, bool>> wanted = {{31415, true}, {92653, false}};
    Context context;
    StreamingOutputCallRequest request;
    for (auto [size, compressed] : wanted) {
        auto *parameters = request.add_response_parameters();
        parameters->set_size(size);
        parameters->mutable_compressed()->set_value(compressed);
    }
    auto stream = peer.stub->StreamingOutputCall(&context, request);
    StreamingOutputCallResponse response;
    for (auto [size, compressed] : wanted) {
        equal("answered", stream->Read(&response), true);
        equal("size", body_size(response), size);
        equal("the answer came compressed", context.received_compressed(), compressed);
    }
    equal("answered once more", stream->Read(&response), false);
    succeeded(stream->Finish());
}

void ping_pong(Peer &peer) {
    Context context;
    auto stream = peer.stub->FullDuplexCall(&context);
    StreamingOutputCallResponse response;
    for (size_t i = 0; i < request_sizes.size(); i++) {
        equal("sent", stream->Write(output_request(request_sizes[i], response_sizes[i])), true);
        equal("answered", stream->Read(&response), true);
        equal("size", body_size(response), response_sizes[i]);
    }
    stream->WritesDone();
    equal("answered once more", stream->Read(&response), false);
    succeeded(stream->Finish());
}

void half_duplex(Peer &peer) {
    Context context;
    auto stream = peer.stub->HalfDuplexCall(&context);
    for (size_t i = 0; i < request_sizes.size(); i++) {
        equal("sent", stream->Write(output_request(request_sizes[i], response_sizes[i])), true);
    }
    stream->WritesDone();
    StreamingOutputCallResponse response;
    for (int size : response_sizes) {
        equal("answered", stream->Read(&response), true);
        equal("size", body_size(response), size);
    }
    equal("answered once more", stream->Read(&response), false);
    succeeded(stream->Finish());
}

void empty_stream(Peer &peer) {
    Context context;
    auto stream = peer.stub->FullDuplexCall(&context);
    stream->WritesDone();
    StreamingOutputCallResponse response;
    equal("answered", stream->Read(&response), false);
    succeeded(stream->Finish());
}

void add_metadata(Context &context) {
    context.AddMetadata(initial_key, initial_value);
    context.AddMetadata(trailing_key, trailing_value);
}

void check_one(const std::multimap<grpc::string_ref, grpc::string_ref> &metadata, const char *key, const char *value) {
    equal(key, metadata.count(key), 1u);
    equal(key, metadata.find(key)->second, grpc::string_ref(value));
}

void check_metadata(const Context &context) {
    check_one(context.GetServerInitialMetadata(), initial_key, initial_value);
    check_one(context.GetServerTrailingMetadata(), trailing_key, trailing_value);
}

void custom_metadata(Peer &peer) {
    Context unary;
    add_metadata(unary);
    call_large(peer, unary, large_simple_request());
    check_metadata(unary);

    Context duplex;
    add_metadata(duplex);
    auto stream = peer.stub->FullDuplexCall(&duplex);
    equal("sent", stream->Write(output_request(large_request, large_response)), true);
    stream->WritesDone();
    StreamingOutputCallResponse response;
    equal("answered", stream->Read(&response), true);
    equal("size", body_size(response), large_response);
    equal("answered once more", stream->Read(&response), false);
    succeeded(stream->Finish());
    check_metadata(duplex);
}

void echoes_status(Peer &peer, const std::string &message) {
    Context unary;
    SimpleRequest simple;
    simple.mutable_response_status()->set_code(grpc::UNKNOWN);
    simple.mutable_response_status()->set_message(message);
    SimpleResponse response;
    grpc::Status status = peer.stub->UnaryCall(&unary, simple, &response);
    failed(status, grpc::UNKNOWN);
    equal("message", status.error_message(), message);

    Context duplex;
    StreamingOutputCallRequest request;
    *request.mutable_response_status() = simple.response_status();
    auto stream = peer.stub->FullDuplexCall(&duplex);
    stream->Write(request);
    stream->WritesDone();
    StreamingOutputCallResponse answer;
    equal("answered", stream->Read(&answer), false);
    status = stream->Finish();
    failed(status, grpc::UNKNOWN);
    equal("message", status.error_message(), message);
}

void status_code_and_message(Peer &peer) { echoes_status(peer, "test status message"); }

void special_status_message(Peer &peer) {
    echoes_status(peer, "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n");
}

void unimplemented_method(Peer &peer) {
    Context context;
    Empty response;
    failed(peer.stub->UnimplementedCall(&context, Empty(), &response), grpc::UNIMPLEMENTED);
}

void unimplemented_service(Peer &peer) {
    Context context;
    Empty request, response;
    grpc::TemplatedGenericStub<Empty, Empty> stub(peer.channel);
    std::promise<grpc::Status> ended;
    const char *method = "/grpc.testing.UnimplementedService/UnimplementedCall";
    stub.UnaryCall(&context, method, {}, &request, &response, [&](grpc::Status status) { ended.set_value(status); });
    failed(ended.get_future().get(), grpc::UNIMPLEMENTED);
}

void cancel_after_begin(Peer &peer) {
    Context context;
    StreamingInputCallResponse response;
    auto stream = peer.stub->StreamingInputCall(&context, &response);
    context.TryCancel();
    failed(stream->Finish(), grpc::CANCELLED);
    empty_unary(peer);
}

void cancel_after_first_response(Peer &peer) {
    Context context;
    auto stream = peer.stub->FullDuplexCall(&context);
    equal("sent", stream->Write(output_request(27182, 31415)), true);
    StreamingOutputCallResponse response;
    equal("answered", stream->Read(&response), true);
    equal("size", body_size(response), 31415);
    context.TryCancel();
    failed(stream->Finish(), grpc::CANCELLED);
    empty_unary(peer);
}

// One millisecond, while the server would wait for a minute.
void timeout_on_sleeping_server(Peer &peer) {
    Context context(std::chrono::milliseconds(1));
    StreamingOutputCallRequest request = output_request(27182, 31415);
    request.mutable_response_parameters(0)->set_interval_us(60'000'000);
    auto stream = peer.stub->FullDuplexCall(&context);
    stream->Write(request);
    StreamingOutputCallResponse response;
    equal("answered", stream->Read(&response), false);
    failed(stream->Finish(), grpc::DEADLINE_EXCEEDED);
    empty_unary(peer);
}

void concurrent_large_unary(Peer &peer) {
    std::atomic<int> left = 1000;
    std::vector<std::future<void>> threads;
    for (int i = 0; i < 16; i++) {
        threads.push_back(std::async(std::launch::async, [&] {
            while (left-- > 0) large_unary(peer);
        }));
    }
    for (std::future<void> &thread : threads) thread.get();
}

}  // namespace

#define CASE(name) {#name, name}

std::vector<Case> interop_cases() {
    return {
        CASE(empty_unary),
        CASE(large_unary),
        CASE(client_compressed_unary),
        CASE(server_compressed_unary),
        CASE(client_streaming),
        CASE(client_compressed_streaming),
        CASE(server_streaming),
        CASE(server_compressed_streaming),
        CASE(ping_pong),
        CASE(half_duplex),
        CASE(empty_stream),
        CASE(custom_metadata),
        CASE(status_code_and_message),
        CASE(special_status_message),
        CASE(unimplemented_method),
        CASE(unimplemented_service),
        CASE(cancel_after_begin),
        CASE(cancel_after_first_response),
        CASE(timeout_on_sleeping_server),
        CASE(concurrent_large_unary),
    };
}
