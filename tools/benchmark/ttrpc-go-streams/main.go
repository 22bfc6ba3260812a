// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// ttrpc-go-streams-server answers HandleRuntimeContext and StreamRuntimeContexts by containerd's own ttrpc server, from
// version 1.2 on, with messages that protoc-gen-go makes: the peer of tools/bench where that version is installed.
package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"os"
	"strings"

	"backendd-bench/contract"
	"github.com/containerd/ttrpc"
)

// answer looks one header up and says that one backend ignored the context.
func answer(request *contract.HandleRuntimeContextRequest) *contract.HandleRuntimeContextResponse {
	outcome := contract.ContextOutcome_CONTEXT_OUTCOME_IGNORED
	for _, entry := range request.GetContext().GetGrpc().GetMetadata() {
		if strings.EqualFold(entry.Key, "x-route-to") {
			if entry.GetText() == "local" {
				outcome = contract.ContextOutcome_CONTEXT_OUTCOME_HANDLED
			}
			break
		}
	}
	result := &contract.BackendContextResult{Backend: "local", Outcome: outcome}
	return &contract.HandleRuntimeContextResponse{Results: []*contract.BackendContextResult{result}}
}

func handle(_ context.Context, decode func(interface{}) error) (interface{}, error) {
	var request contract.HandleRuntimeContextRequest
	if err := decode(&request); err != nil {
		return nil, err
	}
	return answer(&request), nil
}

func handleStream(_ context.Context, stream ttrpc.StreamServer) (interface{}, error) {
	for {
		var request contract.StreamRuntimeContextsRequest
		if err := stream.RecvMsg(&request); err != nil {
			if errors.Is(err, io.EOF) {
				return nil, nil
			}
			return nil, err
		}
		result := &contract.StreamRuntimeContextsResponse_Response{Response: answer(request.GetRequest())}
		if err := stream.SendMsg(&contract.StreamRuntimeContextsResponse{Id: request.Id, Result: result}); err != nil {
			return nil, err
		}
	}
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: ttrpc-go-streams-server SOCKET")
	}
	listener, err := net.Listen("unix", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server, err := ttrpc.NewServer()
	if err != nil {
		log.Fatal(err)
	}
	server.RegisterService("backends.v1.RuntimeContextService", &ttrpc.ServiceDesc{
		Methods: map[string]ttrpc.Method{"HandleRuntimeContext": handle},
		Streams: map[string]ttrpc.Stream{
			"StreamRuntimeContexts": {Handler: handleStream, StreamingClient: true, StreamingServer: true},
		},
	})
	log.Fatal(server.Serve(context.Background(), listener))
}
