// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package main

import (
	"fmt"
	"os"

	"github.com/gogo/protobuf/proto"
	"google.golang.org/grpc/codes"
)

const (
	stateStopped   = 1
	stateStarted   = 3
	outcomeIgnored = 2
)

// daemonSteps calls a daemon; each run uses a backend of its own.
type daemonSteps struct {
	peer
	name string
}

func daemon(p peer) []step {
	d := daemonSteps{p, fmt.Sprintf("go-peer-%d", os.Getpid())}
	return []step{
		{"GetServerInfo", d.serverInfo},
		{"ListBackendTypes", d.backendTypes},
		{"CreateBackend", d.create},
		{"CreateBackend of a taken name is ALREADY_EXISTS", d.createAgain},
		{"StartBackend", d.start},
		{"HandleRuntimeContext", d.context},
		{"100 concurrent HandleRuntimeContext", d.concurrentContexts},
		{"DeleteBackend of a started backend is FAILED_PRECONDITION", d.deleteStarted},
		{"GetBackend of an unknown name is NOT_FOUND", d.notFound},
		{"an unknown method is UNIMPLEMENTED", d.unknownMethod},
		{"StopBackend", d.stop},
		{"DeleteBackend", d.delete},
	}
}

func (d daemonSteps) serverInfo() error {
	info := &serverInfo{}
	if err := d.call("backends.v1.ObserveService", "GetServerInfo", &empty{}, info); err != nil {
		return err
	}
	if info.ServerInstance == "" || info.Version == "" || info.Pid <= 0 || info.Connections < 1 {
		return fmt.Errorf("incomplete: %v", info)
	}
	return nil
}

func (d daemonSteps) backendTypes() error {
	reply := &backendTypes{}
	if err := d.call("backends.v1.BackendTypeService", "ListBackendTypes", &empty{}, reply); err != nil {
		return err
	}
	for _, known := range reply.Types {
		if known.Name == "LOCAL" {
			return nil
		}
	}
	return fmt.Errorf("LOCAL is not among them: %v", reply)
}

func (d daemonSteps) create() error {
	return d.changes("backends.v1.BackendConfigService", "CreateBackend",
		&createRequest{Name: d.name, Type: "LOCAL"}, stateStopped)
}

func (d daemonSteps) createAgain() error {
	return d.failsWithReason(codes.AlreadyExists, "backends.v1.BackendConfigService", "CreateBackend",
		&createRequest{Name: d.name, Type: "LOCAL"})
}

func (d daemonSteps) start() error {
	return d.changes("backends.v1.LifecycleService", "StartBackend", &nameRequest{Name: d.name}, stateStarted)
}

func (d daemonSteps) stop() error {
	return d.changes("backends.v1.LifecycleService", "StopBackend", &nameRequest{Name: d.name}, stateStopped)
}

func (d daemonSteps) delete() error {
	return d.call("backends.v1.BackendConfigService", "DeleteBackend", &nameRequest{Name: d.name}, &empty{})
}

func (d daemonSteps) deleteStarted() error {
	return d.failsWithReason(codes.FailedPrecondition, "backends.v1.BackendConfigService", "DeleteBackend",
		&nameRequest{Name: d.name})
}

func (d daemonSteps) notFound() error {
	return d.failsWithReason(codes.NotFound, "backends.v1.BackendConfigService", "GetBackend",
		&nameRequest{Name: d.name + "-unknown"})
}

func (d daemonSteps) unknownMethod() error {
	_, err := d.fails(codes.Unimplemented, "backends.v1.LifecycleService", "NoSuchMethod", &empty{})
	return err
}

func (d daemonSteps) context() error {
	reply := &contextReply{}
	request := &contextRequest{
		ModelID: "model",
		Context: &runtimeContext{Grpc: &grpcContext{
			Method: "/caikit.runtime.NlpService/TextGenerationTaskPredict",
			Peer:   "ipv4:127.0.0.1:50000",
			Metadata: []*metadataEntry{
				{Key: "mm-model-id", Text: "model"},
				{Key: "trace-bin", Binary: []byte{0, 1, 0xff}},
			},
		}},
		Backends: []string{d.name},
	}
	if err := d.call("backends.v1.RuntimeContextService", "HandleRuntimeContext", request, reply); err != nil {
		return err
	}
	if len(reply.Results) != 1 || reply.Results[0].Backend != d.name || reply.Results[0].Outcome != outcomeIgnored {
		return fmt.Errorf("wanted %s to ignore the context, got %v", d.name, reply)
	}
	return nil
}

func (d daemonSteps) concurrentContexts() error {
	return concurrently(100, d.context)
}

// changes makes a call that must leave the backend in this state.
func (d daemonSteps) changes(service, method string, request proto.Message, state int32) error {
	reply := &backendReply{}
	if err := d.call(service, method, request, reply); err != nil {
		return err
	}
	if reply.Backend == nil || reply.Backend.Name != d.name || reply.Backend.State != state {
		return fmt.Errorf("wanted %s in state %d, got %v", d.name, state, reply)
	}
	if reply.Backend.Started != (state == stateStarted) {
		return fmt.Errorf("started does not agree with the state: %v", reply)
	}
	return nil
}

// failsWithReason makes a call that must end with this code and a google.rpc.ErrorInfo of the daemon.
func (d daemonSteps) failsWithReason(code codes.Code, service, method string, request interface{}) error {
	result, err := d.fails(code, service, method, request)
	if err != nil {
		return err
	}
	for _, detail := range result.Proto().Details {
		if detail.TypeUrl != "type.googleapis.com/google.rpc.ErrorInfo" {
			continue
		}
		info := &errorInfo{}
		if err := proto.Unmarshal(detail.Value, info); err != nil {
			return err
		}
		if info.Reason == "" || info.Domain != "backends.v1" {
			return fmt.Errorf("incomplete ErrorInfo: %v", info)
		}
		return nil
	}
	return fmt.Errorf("no ErrorInfo in %v", result.Proto())
}
