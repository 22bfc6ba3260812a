// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// ttrpc-go-server answers HandleRuntimeContext by containerd's own ttrpc server: the peer of tools/bench.
package main

import (
	"context"
	"log"
	"net"
	"os"
	"strings"

	"github.com/containerd/ttrpc"
	"github.com/gogo/protobuf/proto"
)

type metadataEntry struct {
	Key    string `protobuf:"bytes,1,opt,name=key,proto3"`
	Text   string `protobuf:"bytes,2,opt,name=text,proto3"`
	Binary []byte `protobuf:"bytes,3,opt,name=binary,proto3"`
}

type grpcContext struct {
	Method   string           `protobuf:"bytes,1,opt,name=method,proto3"`
	Peer     string           `protobuf:"bytes,2,opt,name=peer,proto3"`
	Metadata []*metadataEntry `protobuf:"bytes,3,rep,name=metadata,proto3"`
}

type runtimeContext struct {
	Grpc *grpcContext `protobuf:"bytes,1,opt,name=grpc,proto3"`
}

type contextRequest struct {
	ModelID  string          `protobuf:"bytes,1,opt,name=model_id,proto3"`
	Context  *runtimeContext `protobuf:"bytes,2,opt,name=context,proto3"`
	Backends []string        `protobuf:"bytes,3,rep,name=backends,proto3"`
	Strict   bool            `protobuf:"varint,4,opt,name=strict,proto3"`
}

type contextResult struct {
	Backend string `protobuf:"bytes,1,opt,name=backend,proto3"`
	Outcome int32  `protobuf:"varint,2,opt,name=outcome,proto3"`
}

type contextReply struct {
	Results []*contextResult `protobuf:"bytes,1,rep,name=results,proto3"`
}

func (m *metadataEntry) Reset()          { *m = metadataEntry{} }
func (m *metadataEntry) String() string  { return proto.CompactTextString(m) }
func (*metadataEntry) ProtoMessage()     {}
func (m *grpcContext) Reset()            { *m = grpcContext{} }
func (m *grpcContext) String() string    { return proto.CompactTextString(m) }
func (*grpcContext) ProtoMessage()       {}
func (m *runtimeContext) Reset()         { *m = runtimeContext{} }
func (m *runtimeContext) String() string { return proto.CompactTextString(m) }
func (*runtimeContext) ProtoMessage()    {}
func (m *contextRequest) Reset()         { *m = contextRequest{} }
func (m *contextRequest) String() string { return proto.CompactTextString(m) }
func (*contextRequest) ProtoMessage()    {}
func (m *contextResult) Reset()          { *m = contextResult{} }
func (m *contextResult) String() string  { return proto.CompactTextString(m) }
func (*contextResult) ProtoMessage()     {}
func (m *contextReply) Reset()           { *m = contextReply{} }
func (m *contextReply) String() string   { return proto.CompactTextString(m) }
func (*contextReply) ProtoMessage()      {}

// handle decodes the request, looks one header up and answers that one backend ignored the context.
func handle(_ context.Context, decode func(interface{}) error) (interface{}, error) {
	var request contextRequest
	if err := decode(&request); err != nil {
		return nil, err
	}
	const ignored = 2
	outcome := int32(ignored)
	if request.Context != nil && request.Context.Grpc != nil {
		for _, entry := range request.Context.Grpc.Metadata {
			if strings.EqualFold(entry.Key, "x-route-to") {
				if entry.Text == "local" {
					outcome = 1
				}
				break
			}
		}
	}
	return &contextReply{Results: []*contextResult{{Backend: "local", Outcome: outcome}}}, nil
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: ttrpc-go-server SOCKET")
	}
	listener, err := net.Listen("unix", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server, err := ttrpc.NewServer()
	if err != nil {
		log.Fatal(err)
	}
	server.Register("backends.v1.RuntimeContextService", map[string]ttrpc.Method{"HandleRuntimeContext": handle})
	log.Fatal(server.Serve(context.Background(), listener))
}
