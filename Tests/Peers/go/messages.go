// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package main

import "github.com/gogo/protobuf/proto"

// The parts of backends.v1, google.rpc and grpc.testing that the scenarios read and write. gogo/protobuf encodes them by
// their tags; a member of a oneof is an ordinary field here, for that is all it is on the wire.

type empty struct{}

type serverInfo struct {
	Version        string   `protobuf:"bytes,1,opt,name=version,proto3"`
	ServerInstance string   `protobuf:"bytes,2,opt,name=server_instance,proto3"`
	Pid            int32    `protobuf:"varint,4,opt,name=pid,proto3"`
	Protocols      []string `protobuf:"bytes,5,rep,name=protocols,proto3"`
	Connections    uint32   `protobuf:"varint,7,opt,name=connections,proto3"`
}

type backendType struct {
	Name    string `protobuf:"bytes,1,opt,name=name,proto3"`
	Summary string `protobuf:"bytes,2,opt,name=summary,proto3"`
}

type backendTypes struct {
	Types []*backendType `protobuf:"bytes,1,rep,name=types,proto3"`
}

type backend struct {
	Name       string `protobuf:"bytes,1,opt,name=name,proto3"`
	Type       string `protobuf:"bytes,2,opt,name=type,proto3"`
	Priority   int32  `protobuf:"varint,3,opt,name=priority,proto3"`
	State      int32  `protobuf:"varint,4,opt,name=state,proto3"`
	Started    bool   `protobuf:"varint,5,opt,name=started,proto3"`
	Generation uint64 `protobuf:"varint,6,opt,name=generation,proto3"`
}

// backendReply is the answer to create, get, start and stop: the backend, and whether there was nothing to do.
type backendReply struct {
	Backend *backend `protobuf:"bytes,1,opt,name=backend,proto3"`
	Already bool     `protobuf:"varint,2,opt,name=already,proto3"`
}

type createRequest struct {
	Name string `protobuf:"bytes,1,opt,name=name,proto3"`
	Type string `protobuf:"bytes,2,opt,name=type,proto3"`
}

type nameRequest struct {
	Name string `protobuf:"bytes,1,opt,name=name,proto3"`
}

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
}

type contextResult struct {
	Backend string `protobuf:"bytes,1,opt,name=backend,proto3"`
	Outcome int32  `protobuf:"varint,2,opt,name=outcome,proto3"`
}

type contextReply struct {
	Results []*contextResult `protobuf:"bytes,1,rep,name=results,proto3"`
}

type errorInfo struct {
	Reason string `protobuf:"bytes,1,opt,name=reason,proto3"`
	Domain string `protobuf:"bytes,2,opt,name=domain,proto3"`
}

type payload struct {
	Type int32  `protobuf:"varint,1,opt,name=type,proto3"`
	Body []byte `protobuf:"bytes,2,opt,name=body,proto3"`
}

type echoStatus struct {
	Code    int32  `protobuf:"varint,1,opt,name=code,proto3"`
	Message string `protobuf:"bytes,2,opt,name=message,proto3"`
}

type simpleRequest struct {
	ResponseSize   int32       `protobuf:"varint,2,opt,name=response_size,proto3"`
	Payload        *payload    `protobuf:"bytes,3,opt,name=payload,proto3"`
	ResponseStatus *echoStatus `protobuf:"bytes,7,opt,name=response_status,proto3"`
}

type simpleResponse struct {
	Payload  *payload `protobuf:"bytes,1,opt,name=payload,proto3"`
	Username string   `protobuf:"bytes,2,opt,name=username,proto3"`
}

func (m *empty) Reset()         { *m = empty{} }
func (m *empty) String() string { return proto.CompactTextString(m) }
func (*empty) ProtoMessage()    {}

func (m *serverInfo) Reset()         { *m = serverInfo{} }
func (m *serverInfo) String() string { return proto.CompactTextString(m) }
func (*serverInfo) ProtoMessage()    {}

func (m *backendType) Reset()         { *m = backendType{} }
func (m *backendType) String() string { return proto.CompactTextString(m) }
func (*backendType) ProtoMessage()    {}

func (m *backendTypes) Reset()         { *m = backendTypes{} }
func (m *backendTypes) String() string { return proto.CompactTextString(m) }
func (*backendTypes) ProtoMessage()    {}

func (m *backend) Reset()         { *m = backend{} }
func (m *backend) String() string { return proto.CompactTextString(m) }
func (*backend) ProtoMessage()    {}

func (m *backendReply) Reset()         { *m = backendReply{} }
func (m *backendReply) String() string { return proto.CompactTextString(m) }
func (*backendReply) ProtoMessage()    {}

func (m *createRequest) Reset()         { *m = createRequest{} }
func (m *createRequest) String() string { return proto.CompactTextString(m) }
func (*createRequest) ProtoMessage()    {}

func (m *nameRequest) Reset()         { *m = nameRequest{} }
func (m *nameRequest) String() string { return proto.CompactTextString(m) }
func (*nameRequest) ProtoMessage()    {}

func (m *metadataEntry) Reset()         { *m = metadataEntry{} }
func (m *metadataEntry) String() string { return proto.CompactTextString(m) }
func (*metadataEntry) ProtoMessage()    {}

func (m *grpcContext) Reset()         { *m = grpcContext{} }
func (m *grpcContext) String() string { return proto.CompactTextString(m) }
func (*grpcContext) ProtoMessage()    {}

func (m *runtimeContext) Reset()         { *m = runtimeContext{} }
func (m *runtimeContext) String() string { return proto.CompactTextString(m) }
func (*runtimeContext) ProtoMessage()    {}

func (m *contextRequest) Reset()         { *m = contextRequest{} }
func (m *contextRequest) String() string { return proto.CompactTextString(m) }
func (*contextRequest) ProtoMessage()    {}

func (m *contextResult) Reset()         { *m = contextResult{} }
func (m *contextResult) String() string { return proto.CompactTextString(m) }
func (*contextResult) ProtoMessage()    {}

func (m *contextReply) Reset()         { *m = contextReply{} }
func (m *contextReply) String() string { return proto.CompactTextString(m) }
func (*contextReply) ProtoMessage()    {}

func (m *errorInfo) Reset()         { *m = errorInfo{} }
func (m *errorInfo) String() string { return proto.CompactTextString(m) }
func (*errorInfo) ProtoMessage()    {}

func (m *payload) Reset()         { *m = payload{} }
func (m *payload) String() string { return proto.CompactTextString(m) }
func (*payload) ProtoMessage()    {}

func (m *echoStatus) Reset()         { *m = echoStatus{} }
func (m *echoStatus) String() string { return proto.CompactTextString(m) }
func (*echoStatus) ProtoMessage()    {}

func (m *simpleRequest) Reset()         { *m = simpleRequest{} }
func (m *simpleRequest) String() string { return proto.CompactTextString(m) }
func (*simpleRequest) ProtoMessage()    {}

func (m *simpleResponse) Reset()         { *m = simpleResponse{} }
func (m *simpleResponse) String() string { return proto.CompactTextString(m) }
func (*simpleResponse) ProtoMessage()    {}
